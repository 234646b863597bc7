//! Colours, and those that belong together.

use tiny_skia::{Color, Paint, Shader};

#[derive(Clone, Copy, Debug)]
pub(crate) struct Colour {
    red: f32,
    green: f32,
    blue: f32,
    opacity: f32,
}

pub(crate) const WHITE: Colour = rgb(0xFFFFFF);
pub(crate) const BLACK: Colour = rgb(0x000000);

/// The colour that a hexadecimal number such as `0xFF8800` names.
pub(crate) const fn rgb(number: u32) -> Colour {
    let [_, red, green, blue] = number.to_be_bytes();
    Colour {
        red: red as f32 / 255.0,
        green: green as f32 / 255.0,
        blue: blue as f32 / 255.0,
        opacity: 1.0,
    }
}

impl Colour {
    pub(crate) fn lighter(self, share: f32) -> Self {
        self.mixed(WHITE, share)
    }

    pub(crate) fn darker(self, share: f32) -> Self {
        self.mixed(BLACK, share)
    }

    /// The same colour, so that only this share of it covers what is below.
    pub(crate) fn faint(self, opacity: f32) -> Self {
        Self { opacity, ..self }
    }

    pub(crate) fn paint(self) -> Paint<'static> {
        let colour = Color::from_rgba(self.red, self.green, self.blue, self.opacity);
        Paint {
            shader: Shader::SolidColor(colour.unwrap_or(Color::BLACK)),
            ..Paint::default()
        }
    }

    fn mixed(self, other: Self, share: f32) -> Self {
        let mix = |from: f32, to: f32| (to - from).mul_add(share, from);
        Self {
            red: mix(self.red, other.red),
            green: mix(self.green, other.green),
            blue: mix(self.blue, other.blue),
            opacity: self.opacity,
        }
    }
}

/// The colours of one product.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Colours {
    pub(crate) backdrop: Colour,
    pub(crate) package: Colour,
    /// Badges, caps, bands and ribbons.
    pub(crate) accent: Colour,
    /// The label below the flavour's motif.
    pub(crate) paper: Colour,
}

impl Colours {
    pub(crate) const fn new(backdrop: u32, package: u32, accent: u32, paper: u32) -> Self {
        Self {
            backdrop: rgb(backdrop),
            package: rgb(package),
            accent: rgb(accent),
            paper: rgb(paper),
        }
    }
}
