//! The flavours of the catalogue, with their colours and motifs.

use crate::canvas::Canvas;
use crate::colour::Colours;
use crate::motifs::{drinks, fruits, nuts, spices, sweets};

/// A function that draws a motif of about 200 × 200 units around the origin.
type Motif = fn(&mut Canvas);

#[derive(Clone, Copy, Debug)]
pub(crate) enum Flavour {
    Vanilla,
    Cacao,
    Plain,
    Brulee,
    Acai,
    Mocha,
    Caramel,
    Peanut,
    Lemon,
    Raspberry,
    DateAndWalnut,
    Coconut,
    Classic,
    FreeRange,
    Spinach,
    Barista,
    Jalapeno,
    Paprika,
    Teriyaki,
    Pumpkin,
    Miso,
    Starter,
    Savoury,
    Athlete,
}

/// Words that name a flavour. The first that occurs counts.
const WORDS: [(&str, Flavour); 24] = [
    ("starter", Flavour::Starter),
    ("savoury", Flavour::Savoury),
    ("athlete", Flavour::Athlete),
    ("unflavoured", Flavour::Plain),
    ("vanilla", Flavour::Vanilla),
    ("brulee", Flavour::Brulee),
    ("acai", Flavour::Acai),
    ("mocha", Flavour::Mocha),
    ("cacao", Flavour::Cacao),
    ("caramel", Flavour::Caramel),
    ("peanut", Flavour::Peanut),
    ("lemon", Flavour::Lemon),
    ("raspberry", Flavour::Raspberry),
    ("walnut", Flavour::DateAndWalnut),
    ("coconut", Flavour::Coconut),
    ("classic", Flavour::Classic),
    ("range", Flavour::FreeRange),
    ("spinach", Flavour::Spinach),
    ("barista", Flavour::Barista),
    ("jalapeno", Flavour::Jalapeno),
    ("paprika", Flavour::Paprika),
    ("teriyaki", Flavour::Teriyaki),
    ("pumpkin", Flavour::Pumpkin),
    ("miso", Flavour::Miso),
];

impl Flavour {
    /// The flavour that a text names, such as the value of an option or a slug.
    pub(crate) fn named_in(text: &str) -> Option<Self> {
        let text = text.to_lowercase();
        let words: Vec<_> = text.split([' ', '-']).collect();
        WORDS
            .into_iter()
            .find(|(word, _)| words.contains(word))
            .map(|(_, flavour)| flavour)
    }

    pub(crate) fn motif(self, canvas: &mut Canvas) {
        self.look().1(canvas);
    }

    pub(crate) fn colours(self) -> Colours {
        self.look().0
    }

    fn look(self) -> (Colours, Motif) {
        // backdrop, package, accent, paper
        let (colours, motif): (_, Motif) = match self {
            Self::Vanilla => ([0xF6E3B4, 0xFCF9F1, 0xE9A82C, 0xFBE9BC], sweets::vanilla),
            Self::Cacao => ([0xE3C9B6, 0x4E2F22, 0xB86B35, 0xF6E6D6], sweets::cacao),
            Self::Plain => ([0xC9DDE9, 0xF7F9FA, 0x5B8FB0, 0xDDEAF1], sweets::whisk),
            Self::Brulee => ([0xF8D8A4, 0xE39A3B, 0x8E4E1A, 0xFFF0D2], sweets::brulee),
            Self::Acai => ([0xD8CAEE, 0x653A9B, 0xB64AA5, 0xF1E6FA], fruits::acai),
            Self::Mocha => ([0xDCC8B2, 0x8A5A3B, 0x3F2A1E, 0xF3E5D3], drinks::beans),
            Self::Caramel => ([0xF5DBB8, 0x2C6E8E, 0xD98A2B, 0xFFF1DB], sweets::caramel),
            Self::Peanut => ([0xF8D5C2, 0xD9472B, 0xEFA93A, 0xFFF2DC], nuts::peanut),
            Self::Lemon => ([0xFAEFA3, 0xF6D02B, 0x6FA83A, 0xFFFDE8], fruits::lemon),
            Self::Raspberry => ([0xF8CDD9, 0xD6336C, 0x8E1F4B, 0xFFEAF1], fruits::raspberry),
            Self::DateAndWalnut => (
                [0xD9D7B8, 0xC49A6C, 0x6B4226, 0xF3E6D3],
                nuts::date_and_walnut,
            ),
            Self::Coconut => ([0xBDE5E1, 0xFAF8F3, 0x2FA39A, 0xDDF2EF], nuts::coconut),
            Self::Classic => (
                [0xC6E0F6, 0xFFFFFF, 0x2F7CC0, 0xD6E9F8],
                drinks::cracked_egg,
            ),
            Self::FreeRange => ([0xCBE7BA, 0xFCFBF3, 0x5DA041, 0xE5F3DA], drinks::hen),
            Self::Spinach => ([0xBFE0CF, 0xE4EFC6, 0x246B45, 0xF6FAEA], spices::leaves),
            Self::Barista => ([0xE1D2C7, 0xFAF6F0, 0x2E2C36, 0xEBDCCB], drinks::latte),
            Self::Jalapeno => ([0xDDF0AE, 0x4FA03C, 0x1F6630, 0xF5FBE2], spices::jalapeno),
            Self::Paprika => ([0xFACDB9, 0xC8321F, 0x7E1D12, 0xFFE9D6], spices::paprika),
            Self::Teriyaki => ([0xD6D0CB, 0x3A2E2C, 0xC4392B, 0xF2E6DA], spices::teriyaki),
            Self::Pumpkin => ([0xF9D09C, 0xEE8227, 0x5B3A1E, 0xFFEFD8], spices::pumpkin),
            Self::Miso => ([0xD0DBCF, 0x2F4A45, 0xD39A35, 0xF5ECD7], spices::miso),
            Self::Starter => ([0xCDE5F0, 0xF4B942, 0x3C78B4, 0xFFF3D6], sweets::vanilla),
            Self::Savoury => ([0xF7D3C6, 0xD23B2E, 0xFFD79A, 0xFFF0DC], spices::jalapeno),
            Self::Athlete => ([0xCBD6E8, 0x27406B, 0xF2B233, 0xE8EEF8], drinks::dumbbell),
        };
        let [backdrop, package, accent, paper] = colours;
        (Colours::new(backdrop, package, accent, paper), motif)
    }
}
