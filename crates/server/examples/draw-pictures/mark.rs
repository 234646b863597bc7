//! The mark of the shop, and the labels that carry it.

use crate::canvas::Canvas;
use crate::colour::{Colour, Colours, WHITE, rgb};
use crate::flavour::Flavour;

pub(crate) const YOLK: Colour = rgb(0xF7B52C);

/// An egg that shows its yolk, 200 units high.
pub(crate) fn egg(canvas: &mut Canvas) {
    canvas.shape(
        "M 0 -100 C 45 -100 78 -25 78 25 C 78 72 42 100 0 100 C -42 100 -78 72 -78 25 \
            C -78 -25 -45 -100 0 -100 Z",
        rgb(0xFFFDF7),
    );
    canvas.circle(0.0, 26.0, 42.0, YOLK);
    canvas.circle(-13.0, 12.0, 11.0, WHITE.faint(0.7));
}

/// The egg on a round badge, 200 units wide.
pub(crate) fn badge(canvas: &mut Canvas, colour: Colour) {
    canvas.circle(0.0, 0.0, 100.0, colour);
    canvas.at((0.0, 0.0), 0.72, 0.0, egg);
}

/// A label with the motif of the flavour and with the badge on its upper edge, from its centre.
pub(crate) fn label(
    canvas: &mut Canvas,
    (width, height): (f32, f32),
    flavour: Flavour,
    colours: &Colours,
) {
    let top = -0.5 * height;
    let radius = 0.3 * width;
    canvas.block((-0.5 * width, top), (width, height), 26.0, colours.paper);
    canvas.at((0.0, top + 8.0), 0.01 * radius, 0.0, |canvas| {
        canvas.circle(0.0, 0.0, 114.0, colours.paper);
        badge(canvas, colours.accent);
    });
    // The motif fills what the badge and the bars leave.
    let (upper, lower) = (top + 10.0 + radius, 0.5 * height - 44.0);
    let size = (0.0042 * width).min(0.0047 * (lower - upper));
    canvas.at((0.0, 0.5 * (upper + lower)), size, 0.0, |canvas| {
        flavour.motif(canvas);
    });
    lines(canvas, (0.0, 0.5 * height - 38.0), 0.3 * width, colours);
}

/// Two short bars in place of words.
pub(crate) fn lines(canvas: &mut Canvas, (x, y): (f32, f32), half: f32, colours: &Colours) {
    let ink = colours.accent.faint(0.75);
    canvas.block((x - half, y), (2.0 * half, 10.0), 5.0, ink);
    canvas.block((x - 0.55 * half, y + 18.0), (1.1 * half, 8.0), 4.0, ink);
}
