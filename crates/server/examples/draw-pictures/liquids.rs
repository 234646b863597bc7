//! Packages of liquid egg white.

use crate::canvas::Canvas;
use crate::colour::{BLACK, Colours, WHITE, rgb};
use crate::flavour::Flavour;
use crate::mark::{badge, label, lines};
use crate::scene::{beside, shadow};

pub(crate) fn carton_with_glass(canvas: &mut Canvas, flavour: Flavour, colours: &Colours) {
    shadow(canvas, 0.0, 250.0, colours);
    canvas.at((-20.0, 0.0), 1.0, 0.0, |canvas| {
        carton(canvas, flavour, colours)
    });
    canvas.at((212.0, 18.0), 1.0, 0.0, glass);
    beside(canvas, (-232.0, -26.0), (0.7, -10.0), flavour);
}

/// A carton with a gable, 550 units high, from the centre of its base.
fn carton(canvas: &mut Canvas, flavour: Flavour, colours: &Colours) {
    let body = colours.package;
    let side = colours.accent.lighter(0.25);
    canvas.shape("M 96 -400 L 170 -420 L 170 -24 L 96 0 Z", side);
    canvas.shape("M 96 -400 L 134 -512 L 170 -420 Z", side.darker(0.15));
    canvas.shape(
        "M -160 -400 L -110 -512 L 134 -512 L 96 -400 Z",
        colours.accent,
    );
    canvas.block(
        (-112.0, -556.0),
        (248.0, 46.0),
        6.0,
        colours.accent.darker(0.14),
    );
    canvas.line("M -100 -534 L 124 -534", 4.0, WHITE.faint(0.35));
    canvas.block((-160.0, -400.0), (256.0, 400.0), 4.0, body);
    canvas.ellipse((-14.0, -458.0), (42.0, 31.0), colours.accent.darker(0.2));
    canvas.ellipse((-14.0, -464.0), (38.0, 27.0), WHITE);
    canvas.ellipse((-14.0, -464.0), (22.0, 15.0), rgb(0xDDE8F0));
    canvas.shape(
        "M -160 -76 Q -96 -110 -32 -76 Q 32 -44 96 -76 L 96 0 L -160 0 Z",
        colours.accent,
    );
    canvas.shape(
        "M 96 -76 Q 134 -108 170 -88 L 170 -24 L 96 0 Z",
        colours.accent.darker(0.14),
    );
    canvas.at((-32.0, -192.0), 1.0, 0.0, |canvas| {
        label(canvas, (206.0, 264.0), flavour, colours);
    });
}

/// A glass of egg white, from the centre of its base.
fn glass(canvas: &mut Canvas) {
    canvas.ellipse((0.0, -2.0), (84.0, 14.0), BLACK.faint(0.12));
    canvas.shape(
        "M -72 -210 L 72 -210 L 58 -14 Q 56 0 42 0 L -42 0 Q -56 0 -58 -14 Z",
        WHITE.faint(0.5),
    );
    canvas.shape(
        "M -64 -150 Q 0 -134 64 -150 L 54 -20 Q 52 -10 40 -10 L -40 -10 Q -52 -10 -54 -20 Z",
        rgb(0xFBF4DC),
    );
    canvas.ellipse((0.0, -150.0), (64.0, 10.0), rgb(0xFFFCF0));
    canvas.circle(-20.0, -152.0, 7.0, rgb(0xE9DFBE));
    canvas.circle(6.0, -149.0, 5.0, rgb(0xE9DFBE));
    canvas.line("M -50 -190 L -40 -40", 8.0, WHITE.faint(0.8));
}

pub(crate) fn single_bottle(canvas: &mut Canvas, flavour: Flavour, colours: &Colours) {
    shadow(canvas, 0.0, 200.0, colours);
    canvas.at((0.0, 0.0), 1.12, 0.0, |canvas| {
        bottle(canvas, flavour, colours)
    });
    beside(canvas, (-216.0, -24.0), (0.95, -16.0), flavour);
    beside(canvas, (218.0, -8.0), (0.8, 20.0), flavour);
}

/// A bottle, 510 units high, from the centre of its base.
pub(crate) fn bottle(canvas: &mut Canvas, flavour: Flavour, colours: &Colours) {
    canvas.shape(
        "M -46 -440 L 46 -440 L 46 -404 C 52 -356 128 -350 128 -268 L 128 -34 Q 128 0 94 0 \
            L -94 0 Q -128 0 -128 -34 L -128 -268 C -128 -350 -52 -356 -46 -404 Z",
        colours.package,
    );
    canvas.shape(
        "M 46 -404 C 52 -356 128 -350 128 -268 L 128 -34 Q 128 0 94 0 L 66 0 Q 92 -10 92 -50 \
            L 92 -260 C 92 -330 40 -350 46 -404 Z",
        BLACK.faint(0.07),
    );
    canvas.block((-58.0, -508.0), (116.0, 76.0), 14.0, colours.accent);
    canvas.block(
        (-58.0, -448.0),
        (116.0, 16.0),
        8.0,
        colours.accent.darker(0.2),
    );
    for ridge in 0..6_u8 {
        let x = f32::from(ridge).mul_add(18.0, -48.0);
        canvas.block((x, -496.0), (5.0, 42.0), 2.0, WHITE.faint(0.25));
    }
    canvas.block(
        (-128.0, -266.0),
        (256.0, 232.0),
        0.0,
        colours.accent.lighter(0.55),
    );
    canvas.block((-128.0, -34.0), (256.0, 12.0), 0.0, colours.accent);
    canvas.at((0.0, -152.0), 1.0, 0.0, |canvas| {
        label(canvas, (188.0, 226.0), flavour, colours);
    });
    canvas.block((-114.0, -262.0), (12.0, 222.0), 6.0, WHITE.faint(0.5));
}

/// Six bottles in a carrier with a handle.
pub(crate) fn six_bottles(canvas: &mut Canvas, flavour: Flavour, colours: &Colours) {
    shadow(canvas, 0.0, 356.0, colours);
    let (board, dark) = (rgb(0xC89B66), rgb(0xA87C4A));
    for x in [-116.0, 62.0, 240.0] {
        canvas.at((x, -76.0), 0.63, 0.0, |canvas| {
            bottle(canvas, flavour, colours)
        });
    }
    for x in [-226.0, -48.0, 130.0] {
        canvas.at((x, -8.0), 0.68, 0.0, |canvas| {
            bottle(canvas, flavour, colours)
        });
    }
    canvas.shape("M 246 -120 L 336 -180 L 336 -56 L 246 4 Z", dark);
    canvas.block((-334.0, -124.0), (584.0, 128.0), 8.0, board);
    canvas.block((-334.0, -124.0), (584.0, 12.0), 6.0, dark);
    canvas.block((-110.0, -102.0), (300.0, 94.0), 20.0, colours.paper);
    canvas.at((-56.0, -55.0), 0.4, 0.0, |canvas| {
        badge(canvas, colours.accent)
    });
    canvas.at((134.0, -55.0), 0.4, 0.0, |canvas| flavour.motif(canvas));
    lines(canvas, (38.0, -68.0), 40.0, colours);
    beside(canvas, (-250.0, -10.0), (0.9, 0.0), flavour);
}

/// A small bottle, and a cup of coffee with a cap of foam.
pub(crate) fn bottle_with_cup(canvas: &mut Canvas, flavour: Flavour, colours: &Colours) {
    shadow(canvas, -80.0, 160.0, colours);
    canvas.at((-96.0, 0.0), 0.98, 0.0, |canvas| {
        bottle(canvas, flavour, colours)
    });
    canvas.at((142.0, 20.0), 1.0, 0.0, |canvas| cup(canvas, colours));
}

/// A cup on a saucer, from the centre of its base.
fn cup(canvas: &mut Canvas, colours: &Colours) {
    canvas.ellipse((0.0, 6.0), (166.0, 24.0), colours.backdrop.darker(0.2));
    canvas.ellipse((0.0, -6.0), (156.0, 22.0), rgb(0xFFFDFA));
    canvas.ellipse((0.0, -10.0), (110.0, 12.0), rgb(0xE3D8CE));
    canvas.line("M 96 -150 C 168 -160 160 -60 84 -68", 20.0, rgb(0xFFFDFA));
    let foam = rgb(0xFFF6E6);
    for (x, y, radius) in [
        (-66.0, -196.0, 44.0),
        (0.0, -214.0, 60.0),
        (64.0, -196.0, 44.0),
    ] {
        canvas.circle(x, y, radius, foam);
    }
    canvas.block((-112.0, -202.0), (224.0, 42.0), 20.0, foam);
    canvas.at((0.0, -226.0), 1.0, 0.0, |canvas| {
        canvas.scattered(12, (70.0, 22.0), |canvas, _| {
            canvas.circle(0.0, 0.0, 4.0, rgb(0xA86C3E));
        });
    });
    canvas.shape(
        "M -112 -182 L 112 -182 C 112 -80 86 -12 40 -8 L -40 -8 C -86 -12 -112 -80 -112 -182 \
            Z",
        rgb(0xFFFDFA),
    );
    canvas.shape(
        "M 72 -182 L 112 -182 C 112 -80 86 -12 40 -8 L 10 -8 C 62 -30 74 -100 72 -182 Z",
        BLACK.faint(0.06),
    );
    canvas.at((-8.0, -98.0), 0.5, 0.0, |canvas| {
        badge(canvas, colours.accent)
    });
}
