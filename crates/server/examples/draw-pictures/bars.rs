//! Packages of bars and bites.

use crate::canvas::Canvas;
use crate::colour::{BLACK, Colour, Colours, WHITE, rgb};
use crate::flavour::Flavour;
use crate::mark::{badge, lines};
use crate::pouches::pouch;
use crate::scene::{beside, shadow};

/// A box whose wrapped bars stand behind its low front, and an open bar before it.
pub(crate) fn display_box(canvas: &mut Canvas, flavour: Flavour, colours: &Colours) {
    shadow(canvas, 0.0, 285.0, colours);
    canvas.block(
        (-230.0, -470.0),
        (460.0, 460.0),
        16.0,
        colours.package.darker(0.28),
    );
    canvas.at((0.0, -420.0), 0.36, 0.0, |canvas| {
        badge(canvas, colours.accent)
    });
    for place in 0..6_u8 {
        let x = f32::from(place).mul_add(70.0, -175.0);
        let y = if place % 2 == 0 { -370.0 } else { -356.0 };
        canvas.at((x, y), 1.0, 0.0, |canvas| {
            standing(canvas, flavour, colours)
        });
    }
    canvas.block((-240.0, -230.0), (480.0, 230.0), 16.0, colours.package);
    canvas.block((-240.0, -230.0), (480.0, 26.0), 12.0, colours.accent);
    canvas.block((-204.0, -184.0), (408.0, 128.0), 24.0, colours.paper);
    canvas.at((-118.0, -120.0), 0.52, 0.0, |canvas| {
        badge(canvas, colours.accent)
    });
    canvas.at((118.0, -120.0), 0.56, 0.0, |canvas| flavour.motif(canvas));
    lines(canvas, (0.0, -136.0), 52.0, colours);
    canvas.at((40.0, 28.0), 0.86, -5.0, |canvas| {
        open_bar(canvas, flavour, colours)
    });
    beside(canvas, (-252.0, 4.0), (0.66, -12.0), flavour);
}

/// A wrapped bar that stands in the box, from its upper end.
fn standing(canvas: &mut Canvas, flavour: Flavour, colours: &Colours) {
    canvas.seal((-31.0, 4.0), 62.0, -16.0, colours.accent);
    canvas.block(
        (-31.0, 0.0),
        (62.0, 200.0),
        4.0,
        colours.package.lighter(0.12),
    );
    canvas.block((-31.0, 0.0), (62.0, 14.0), 2.0, colours.accent);
    canvas.block((18.0, 14.0), (13.0, 180.0), 2.0, BLACK.faint(0.12));
    canvas.circle(0.0, 70.0, 26.0, colours.paper);
    canvas.at((0.0, 70.0), 0.21, 0.0, |canvas| flavour.motif(canvas));
}

/// Three bars, of which the lowest is open.
pub(crate) fn fan(canvas: &mut Canvas, flavour: Flavour, colours: &Colours) {
    canvas.at((-24.0, -470.0), 1.18, 0.0, |canvas| {
        wrapped_bar(canvas, flavour, colours);
    });
    canvas.at((24.0, -292.0), 1.18, 0.0, |canvas| {
        let swapped = Colours {
            package: colours.accent,
            accent: colours.package,
            ..*colours
        };
        wrapped_bar(canvas, flavour, &swapped);
    });
    canvas.at((-24.0, -114.0), 1.18, 0.0, |canvas| {
        open_bar(canvas, flavour, colours)
    });
    beside(canvas, (-276.0, 24.0), (0.62, -12.0), flavour);
    beside(canvas, (250.0, 0.0), (0.84, 10.0), flavour);
}

/// A bar in its wrapper, 460 units long, around its centre.
pub(crate) fn wrapped_bar(canvas: &mut Canvas, flavour: Flavour, colours: &Colours) {
    bar_shadow(canvas);
    wrapper(canvas, 386.0, colours);
    canvas.at((230.0, 0.0), 1.0, 0.0, |canvas| end(canvas, colours));
    canvas.block((20.0, -50.0), (150.0, 100.0), 22.0, colours.paper);
    canvas.at((95.0, 0.0), 0.44, 0.0, |canvas| flavour.motif(canvas));
    canvas.at((-122.0, 0.0), 0.42, 0.0, |canvas| {
        badge(canvas, colours.accent)
    });
    let pale = Colours {
        accent: colours.paper,
        ..*colours
    };
    lines(canvas, (-30.0, -16.0), 36.0, &pale);
}

/// A bar of which the right half is out of its wrapper.
pub(crate) fn open_bar(canvas: &mut Canvas, flavour: Flavour, colours: &Colours) {
    bar_shadow(canvas);
    let (dough, topping) = dough(flavour);
    canvas.block((0.0, -48.0), (232.0, 96.0), 18.0, dough);
    canvas.block((0.0, 20.0), (232.0, 28.0), 14.0, dough.darker(0.16));
    canvas.at((150.0, -12.0), 1.0, 0.0, |canvas| {
        canvas.scattered(14, (66.0, 26.0), |canvas, turn| {
            let colour = if turn % 3 == 0 {
                dough.darker(0.3)
            } else {
                topping
            };
            canvas.ellipse((0.0, 0.0), (11.0, 7.0), colour);
        });
    });
    wrapper(canvas, 220.0, colours);
    canvas.shape(
        "M 20 -62 L 46 -48 L 34 -30 L 56 -12 L 36 8 L 56 26 L 36 44 L 48 62 L 20 62 Z",
        colours.package.lighter(0.5),
    );
    canvas.at((-122.0, 0.0), 0.42, 0.0, |canvas| {
        badge(canvas, colours.accent)
    });
    canvas.circle(-26.0, 0.0, 43.0, colours.paper);
    canvas.at((-26.0, 0.0), 0.34, 0.0, |canvas| flavour.motif(canvas));
}

fn bar_shadow(canvas: &mut Canvas) {
    canvas.block((-216.0, -40.0), (440.0, 124.0), 30.0, BLACK.faint(0.1));
}

/// The left part of a wrapper, so many units long.
fn wrapper(canvas: &mut Canvas, length: f32, colours: &Colours) {
    canvas.at((-230.0, 0.0), 1.0, 180.0, |canvas| end(canvas, colours));
    canvas.block((-196.0, -62.0), (length, 124.0), 14.0, colours.package);
    canvas.block(
        (-190.0, -52.0),
        (length - 12.0, 12.0),
        6.0,
        WHITE.faint(0.28),
    );
    canvas.block((-196.0, 40.0), (length, 22.0), 11.0, BLACK.faint(0.1));
}

/// The crimped right end of a wrapper, from its tip.
fn end(canvas: &mut Canvas, colours: &Colours) {
    canvas.at((-46.0, 58.0), 1.0, -90.0, |canvas| {
        canvas.seal((0.0, 0.0), 116.0, 40.0, colours.package.darker(0.15));
    });
    canvas.line("M -22 -44 L -22 44", 4.0, WHITE.faint(0.3));
    canvas.line("M -10 -44 L -10 44", 4.0, WHITE.faint(0.3));
}

/// The colours of a bar and of what it is strewn with.
fn dough(flavour: Flavour) -> (Colour, Colour) {
    match flavour {
        Flavour::Caramel => (rgb(0xC47A30), rgb(0xFFF2DC)),
        Flavour::Peanut => (rgb(0xC89250), rgb(0xF0CF92)),
        Flavour::Lemon => (rgb(0xE6B54C), rgb(0xFFFFFF)),
        Flavour::Raspberry => (rgb(0xE7B79A), rgb(0xD62E63)),
        _ => (rgb(0x7A492C), rgb(0xDCB47C)),
    }
}

/// A bag with a window, and bites of coconut that are dipped in chocolate.
pub(crate) fn bite_bag(canvas: &mut Canvas, flavour: Flavour, colours: &Colours) {
    shadow(canvas, 0.0, 270.0, colours);
    canvas.at((0.0, 0.0), 1.08, 0.0, |canvas| {
        pouch(canvas, flavour, colours)
    });
    beside(canvas, (238.0, -34.0), (0.8, 6.0), flavour);
    for (x, y, scale) in [
        (-250.0, 6.0, 0.9),
        (-186.0, -2.0, 1.0),
        (-120.0, 26.0, 1.0),
        (150.0, 34.0, 0.9),
    ] {
        canvas.at((x, y), scale, 0.0, bite);
    }
}

/// A bite, from the middle of its base.
pub(crate) fn bite(canvas: &mut Canvas) {
    canvas.ellipse((0.0, 40.0), (64.0, 13.0), BLACK.faint(0.16));
    canvas.shape(
        "M -52 6 C -50 -62 50 -62 52 6 L 52 20 L -52 20 Z",
        rgb(0xFFF8E6),
    );
    canvas.at((0.0, -16.0), 1.0, 0.0, |canvas| {
        canvas.scattered(9, (34.0, 18.0), |canvas, _| {
            canvas.block((-8.0, -2.0), (16.0, 4.0), 2.0, rgb(0xE6D4AC))
        });
    });
    canvas.shape(
        "M -56 4 Q -42 -8 -28 4 Q -14 14 0 4 Q 14 -8 28 4 Q 42 14 56 4 L 52 28 Q 48 42 30 42 \
            L -30 42 Q -48 42 -52 28 Z",
        rgb(0x55301F),
    );
    canvas.line("M -36 22 Q -32 30 -22 31", 5.0, rgb(0x8A5A40));
}
