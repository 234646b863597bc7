//! The words in generated products.

pub(super) const CATEGORIES: [(&str, &str); 5] = [
    ("protein-bars", "Protein bars"),
    ("protein-powders", "Protein powders"),
    ("liquid-egg-whites", "Liquid egg whites"),
    ("snacks", "Snacks"),
    ("bundles", "Bundles"),
];

/// A kind of product and the index of its category.
pub(super) const KINDS: [(&str, usize); 12] = [
    ("Protein Bar", 0),
    ("Crunch Bar", 0),
    ("Egg White Bar", 0),
    ("Protein Powder", 1),
    ("Isolate", 1),
    ("Baking Mix", 1),
    ("Liquid Egg Whites", 2),
    ("Egg White Shots", 2),
    ("Egg White Crisps", 3),
    ("Cookies", 3),
    ("Granola", 3),
    ("Sampler Box", 4),
];

pub(super) const FLAVOURS: [&str; 20] = [
    "Vanilla",
    "Chocolate",
    "Strawberry",
    "Salted Caramel",
    "Hazelnut",
    "Peanut Butter",
    "Banana",
    "Blueberry",
    "Coconut",
    "Coffee",
    "Lemon",
    "Raspberry",
    "Cinnamon",
    "Maple",
    "Pistachio",
    "Sea Salt",
    "Paprika",
    "Jalapeno",
    "Natural",
    "Mint",
];

pub(super) const STYLES: [&str; 10] = [
    "Classic",
    "Organic",
    "Lean",
    "Sport",
    "Family",
    "Travel",
    "Gourmet",
    "Zero Sugar",
    "High Fibre",
    "Everyday",
];

pub(super) const INGREDIENTS: [&str; 24] = [
    "Egg white protein",
    "Whole egg powder",
    "Oats",
    "Almonds",
    "Hazelnuts",
    "Peanuts",
    "Cocoa",
    "Vanilla extract",
    "Dates",
    "Honey",
    "Chicory fibre",
    "Sea salt",
    "Sunflower lecithin",
    "Coconut oil",
    "Dried strawberries",
    "Dried blueberries",
    "Cinnamon",
    "Maple syrup",
    "Rice crisps",
    "Stevia",
    "Lemon peel",
    "Coffee extract",
    "Paprika",
    "Peppermint oil",
];

pub(super) const PRAISES: [&str; 12] = [
    "Whipped egg whites give it a light bite that stays fresh for weeks.",
    "A smooth texture that dissolves in cold milk without lumps.",
    "Baked slowly until crisp, with nothing but eggs doing the work.",
    "Made for the hour after training, when muscles ask for it.",
    "A breakfast that keeps you full until lunch.",
    "Gentle on the stomach, since it holds no lactose.",
    "The kitchen's favourite for pancakes, omelettes and sauces.",
    "Small enough for a pocket, filling enough for a mountain.",
    "Tastes of dessert and counts as dinner.",
    "Pasteurised with care, so that it whips like fresh eggs.",
    "From free range hens on farms that we know by name.",
    "A quiet companion for long days at the desk.",
];

pub(super) const COMMENTS: [&str; 8] = [
    "Exactly what I hoped for.",
    "Good taste, a bit sweet for me.",
    "My whole team orders it now.",
    "Arrived quickly and fresh.",
    "Not my flavour, but well made.",
    "Dissolves better than any other.",
    "Would buy again.",
    "The texture takes getting used to.",
];

pub(super) const REVIEWERS: [&str; 10] = [
    "Ana", "Bjorn", "Chiara", "Deniz", "Emeka", "Fatima", "Goran", "Hanna", "Ines", "Jun",
];
