//! The relevance of search results in the demonstration catalogue, also for misspelt texts.

use std::collections::HashMap;

use eggypro_persistence::testing::TestDatabase;
use eggypro_tests::TestShop;

/// A search text, and the beginnings of the slugs that may come first.
const QUERIES: &[(&str, &[&str])] = &[
    // one word, several words, any order
    ("omelette", &["spinach-and-herb-omelette"]),
    ("granola", &["pumpkin-spice-egg-white-granola"]),
    ("walnut", &["date-and-walnut"]),
    ("vanilla protein powder", &["eggypro-vanilla"]),
    ("powder vanilla protein", &["eggypro-vanilla"]),
    ("bar caramel salted", &["salted-caramel"]),
    ("1kg vanilla", &["eggypro-vanilla"]),
    ("liquid whites free range", &["free-range-liquid"]),
    ("EGG WHITE CRISPS", &["jalapeno"]),
    ("the peanut bar", &["peanut-crunch"]),
    ("omelette with spinach", &["spinach-and-herb-omelette"]),
    ("dark cacao 1kg", &["eggypro-dark-cacao"]),
    ("mocha", &["cafe-mocha"]),
    ("monthly bundle", &["athlete-monthly"]),
    ("discovery box", &["savoury-snack"]),
    // words of ingredients, categories, descriptions and details
    ("nori seaweed", &["miso-sesame"]),
    ("maple syrup", &["pumpkin-spice"]),
    ("arabica coffee", &["cafe-mocha"]),
    ("beetroot", &["acai-berry"]),
    ("tamari", &["teriyaki"]),
    ("cashew butter", &["lemon-meringue"]),
    ("coriander lime crisps", &["jalapeno"]),
    ("pancake batter vanilla", &["eggypro-vanilla"]),
    ("snacks jerky", &["teriyaki"]),
    ("bundle starter", &["starter-bundle"]),
    // plurals, singulars and other forms
    ("omelettes", &["spinach-and-herb-omelette"]),
    ("walnuts dates", &["date-and-walnut"]),
    ("cracker", &["miso-sesame"]),
    ("puff", &["smoked-paprika"]),
    ("pumpkins", &["pumpkin-spice"]),
    ("lemons", &["lemon-meringue"]),
    ("unflavored powder", &["unflavoured"]),
    ("smoke paprika", &["smoked-paprika"]),
    // unfinished words
    ("van", &["eggypro-vanilla"]),
    ("teriy", &["teriyaki"]),
    ("month", &["athlete-monthly"]),
    ("monthl", &["athlete-monthly"]),
    ("salted car", &["salted-caramel"]),
    ("liquid egg w", &["eggypro-liquid", "free-range-liquid"]),
    ("pean", &["peanut-crunch"]),
    ("unflavo", &["unflavoured"]),
    ("barist", &["barista-foam"]),
    ("egg bar 6", &["date-and-walnut"]),
    ("vanilla protein powder 1", &["eggypro-vanilla"]),
    ("her", &["spinach-and-herb-omelette"]),
    ("onio", &["jalapeno", "spinach-and-herb-omelette"]),
    // typing errors
    ("vanila protien", &["eggypro-vanilla"]),
    ("choclate coconut", &["mini-coconut"]),
    ("omlette", &["spinach-and-herb-omelette"]),
    ("terriyaki jerkey", &["teriyaki"]),
    ("pumkin spice", &["pumpkin-spice"]),
    ("carmel bar", &["salted-caramel"]),
    ("peanutt crunsh", &["peanut-crunch"]),
    ("jalepeno", &["jalapeno"]),
    ("rasberry", &["raspberry-puree"]),
    ("lemmon merangue", &["lemon-meringue"]),
    ("parika puffs", &["smoked-paprika"]),
    ("vanila pow", &["eggypro-vanilla"]),
    ("spinnach", &["spinach-and-herb-omelette"]),
    (
        "protien",
        &[
            "eggypro",
            "creme-brulee",
            "peanut-crunch",
            "lemon-meringue",
            "starter",
            "athlete",
        ],
    ),
    ("vanila xyzzy", &["eggypro-vanilla"]),
    ("granolla with pumpkn", &["pumpkin-spice"]),
    // words with French and Spanish accents, and without
    ("crème brûlée", &["creme-brulee"]),
    ("creme brulee", &["creme-brulee"]),
    ("crême brulée powder", &["creme-brulee"]),
    ("café mocha", &["cafe-mocha"]),
    ("purée", &["raspberry-puree"]),
    ("framboise puree", &["raspberry-puree"]),
    ("açaí", &["acai-berry"]),
    ("acaí berry", &["acai-berry"]),
    ("jalapeño", &["jalapeno"]),
    ("jalapeno", &["jalapeno"]),
    ("JALAPEÑO crisps", &["jalapeno"]),
    ("cafè", &["cafe-mocha"]),
    // numbers and units, with a space and without
    ("1 kg vanilla", &["eggypro-vanilla"]),
    ("vanilla 1000 g", &["eggypro-vanilla"]),
    ("1000g cacao", &["eggypro-dark-cacao"]),
    ("0,5 l omelette", &["spinach-and-herb-omelette"]),
    ("½ l omelette mix", &["spinach-and-herb-omelette"]),
    ("egg whites 1 litre", &["eggypro-liquid"]),
    ("1000 ml egg whites", &["eggypro-liquid"]),
    ("0.25 l barista", &["barista-foam"]),
    ("6 x 500 ml", &["free-range-liquid"]),
    ("puffs 0.15 kg", &["smoked-paprika"]),
    ("granola 0,4kg", &["pumpkin-spice"]),
    // compounds, with a space and without
    ("vanillaprotein", &["eggypro-vanilla"]),
    ("eggwhite crisps", &["jalapeno"]),
    ("freerange egg whites", &["free-range-liquid"]),
    ("free range", &["free-range-liquid"]),
    ("whole-egg bar", &["date-and-walnut"]),
    ("peanut-crunch", &["peanut-crunch"]),
    ("saltedcaramel", &["salted-caramel"]),
    ("eggypro-vanilla", &["eggypro-vanilla"]),
    ("glutenfree crisps", &["jalapeno"]),
    ("gluten free mousse", &["eggypro-dark-cacao"]),
    ("nut free bar", &["raspberry-puree"]),
    ("nut-free", &["raspberry-puree"]),
    // swapped letters in short words
    ("penaut bar", &["peanut-crunch"]),
    ("lemno", &["lemon-meringue"]),
    ("misp crackers", &["miso-sesame"]),
    ("dtae walnut", &["date-and-walnut"]),
    ("ojerky", &["teriyaki"]),
    ("bar caarmel", &["salted-caramel"]),
    // colloquial names
    ("choc coconut", &["mini-coconut"]),
    ("cocoa powder 1kg", &["eggypro-dark-cacao"]),
    ("chocolate protein powder", &["eggypro-dark-cacao"]),
    ("egg white chips", &["jalapeno"]),
    ("jalapeno chips", &["jalapeno"]),
    ("plain powder", &["unflavoured"]),
    ("plain egg white powder", &["unflavoured"]),
    // a product ranks before a box that contains it
    ("vanilla powder", &["eggypro-vanilla"]),
    ("peanut crunch bars", &["peanut-crunch"]),
    ("acai powder", &["acai-berry"]),
    ("paprika puffs", &["smoked-paprika"]),
    ("miso crackers", &["miso-sesame"]),
    ("lemon meringue protein bars", &["lemon-meringue"]),
    // contractions and possessives
    ("grandmother's pie", &["lemon-meringue"]),
    ("grandmothers pie", &["lemon-meringue"]),
    ("goat’s cheese", &["miso-sesame"]),
    ("beginner's guide", &["starter-bundle"]),
];

#[tokio::test]
async fn the_intended_product_ranks_first() {
    let database = TestDatabase::migrated();
    let url = database.address();
    let load = move || eggypro_server::load_demonstration(&url, HashMap::new()).unwrap();
    tokio::task::spawn_blocking(load).await.unwrap();
    let shop = TestShop::start_on(database, |_| ()).await;
    let user = shop.anonymous();
    let mut sum = 0.0;
    for (query, expected) in QUERIES {
        let found = user
            .get_with("/api/products/search", &[("q", query)])
            .await
            .expect(200)
            .json();
        let hits = found["data"].as_array().unwrap();
        let slugs: Vec<&str> = hits
            .iter()
            .map(|hit| hit["slug"].as_str().unwrap())
            .collect();
        let is_meant = |slug: &&str| expected.iter().any(|meant| slug.starts_with(meant));
        let rank = slugs.iter().position(is_meant).map(|index| index + 1);
        sum += rank.map_or(0.0, |rank| 1.0 / rank as f64);
        if rank != Some(1) {
            println!("{query:?}: {expected:?} is at {rank:?} of {slugs:?}");
        }
    }
    let mean_reciprocal_rank = sum / QUERIES.len() as f64;
    println!(
        "mean reciprocal rank of {} queries: {mean_reciprocal_rank:.3}",
        QUERIES.len()
    );
    assert!(mean_reciprocal_rank >= 0.97, "{mean_reciprocal_rank:.3}");
}
