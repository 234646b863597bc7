//! Packages of powder: pouches, a tub, and a box of sachets.

use crate::canvas::Canvas;
use crate::colour::{BLACK, Colours, WHITE, rgb};
use crate::flavour::Flavour;
use crate::mark::{badge, label, lines};
use crate::scene::{beside, shadow};

pub(crate) fn large(canvas: &mut Canvas, flavour: Flavour, colours: &Colours) {
    shadow(canvas, 0.0, 215.0, colours);
    canvas.at((0.0, 0.0), 1.13, 0.0, |canvas| {
        pouch(canvas, flavour, colours)
    });
    beside(canvas, (-240.0, -34.0), (0.72, -14.0), flavour);
    beside(canvas, (242.0, -6.0), (0.6, 18.0), flavour);
}

pub(crate) fn small(canvas: &mut Canvas, flavour: Flavour, colours: &Colours) {
    shadow(canvas, 0.0, 200.0, colours);
    canvas.at((0.0, 0.0), 1.0, 0.0, |canvas| {
        pouch(canvas, flavour, colours)
    });
    beside(canvas, (-206.0, 6.0), (0.6, -8.0), flavour);
    beside(canvas, (226.0, -40.0), (0.85, 8.0), flavour);
}

/// A pouch that stands, 500 units high, from the centre of its base.
pub(crate) fn pouch(canvas: &mut Canvas, flavour: Flavour, colours: &Colours) {
    let body = colours.package;
    canvas.shape(
        "M -160 -476 L 160 -476 Q 150 -300 174 -60 Q 180 0 142 0 L -142 0 Q -180 0 -174 -60 \
            Q -150 -300 -160 -476 Z",
        body,
    );
    canvas.shape(
        "M 118 -450 L 158.6 -450 Q 152 -300 174 -60 Q 180 0 142 0 L 110 0 \
            Q 142 -150 118 -450 Z",
        BLACK.faint(0.08),
    );
    canvas.shape(
        "M -174 -60 Q 0 -16 174 -60 Q 180 0 142 0 L -142 0 Q -180 0 -174 -60 Z",
        BLACK.faint(0.1),
    );
    canvas.block((-163.0, -500.0), (326.0, 50.0), 8.0, body.darker(0.12));
    canvas.block((-163.0, -500.0), (326.0, 16.0), 8.0, colours.accent);
    canvas.line("M -146 -428 L 146 -428", 4.0, BLACK.faint(0.14));
    canvas.shape(
        "M -148 -414 L -130 -414 Q -124 -250 -142 -70 L -160 -66 Q -142 -250 -148 -414 Z",
        WHITE.faint(0.3),
    );
    canvas.at((0.0, -206.0), 1.0, 0.0, |canvas| {
        label(canvas, (232.0, 322.0), flavour, colours);
    });
}

pub(crate) fn tub_with_scoop(canvas: &mut Canvas, flavour: Flavour, colours: &Colours) {
    shadow(canvas, 0.0, 235.0, colours);
    canvas.at((0.0, 0.0), 1.06, 0.0, |canvas| {
        tub(canvas, flavour, colours)
    });
    canvas.at((-212.0, 14.0), 1.0, 0.0, |canvas| scoop(canvas, colours));
    beside(canvas, (240.0, -34.0), (0.95, 24.0), flavour);
}

fn tub(canvas: &mut Canvas, flavour: Flavour, colours: &Colours) {
    let body = colours.package;
    canvas.block((-170.0, -420.0), (340.0, 420.0), 40.0, body);
    canvas.block(
        (-170.0, -340.0),
        (340.0, 286.0),
        0.0,
        colours.paper.darker(0.05),
    );
    canvas.block((-186.0, -486.0), (372.0, 84.0), 22.0, colours.accent);
    canvas.block(
        (-186.0, -424.0),
        (372.0, 22.0),
        11.0,
        colours.accent.darker(0.15),
    );
    for ridge in 0..17_u8 {
        let x = f32::from(ridge).mul_add(21.0, -170.0);
        canvas.block((x, -470.0), (5.0, 40.0), 2.0, WHITE.faint(0.22));
    }
    canvas.at((0.0, -184.0), 1.0, 0.0, |canvas| {
        let white = Colours {
            paper: body,
            ..*colours
        };
        label(canvas, (220.0, 286.0), flavour, &white);
    });
    canvas.block((128.0, -400.0), (42.0, 396.0), 20.0, BLACK.faint(0.06));
    canvas.block((-156.0, -390.0), (14.0, 370.0), 7.0, WHITE.faint(0.6));
}

/// A measuring scoop that is full of white powder.
fn scoop(canvas: &mut Canvas, colours: &Colours) {
    canvas.ellipse((0.0, 46.0), (120.0, 16.0), colours.backdrop.darker(0.2));
    canvas.shape("M -70 -24 Q -40 -92 0 -88 Q 44 -92 70 -24 Z", rgb(0xFFFFFF));
    canvas.shape(
        "M 0 -88 Q 44 -92 70 -24 L 30 -24 Q 30 -66 0 -88 Z",
        BLACK.faint(0.05),
    );
    canvas.shape(
        "M -82 -26 L 82 -26 L 66 34 Q 62 50 44 50 L -44 50 Q -62 50 -66 34 Z",
        colours.accent,
    );
    canvas.shape(
        "M 60 -26 L 82 -26 L 66 34 Q 62 50 44 50 L 24 50 Q 50 40 60 -26 Z",
        BLACK.faint(0.12),
    );
    canvas.block(
        (-150.0, -30.0),
        (90.0, 20.0),
        10.0,
        colours.accent.darker(0.12),
    );
}

pub(crate) fn sachets(canvas: &mut Canvas, flavour: Flavour, colours: &Colours) {
    shadow(canvas, 0.0, 250.0, colours);
    for (x, y, angle) in [
        (-110.0, -190.0, -9.0),
        (0.0, -222.0, 0.0),
        (110.0, -194.0, 9.0),
    ] {
        canvas.at((x, y), 1.0, angle, |canvas| {
            sachet(canvas, flavour, colours)
        });
    }
    canvas.block((-200.0, -270.0), (400.0, 270.0), 14.0, colours.package);
    canvas.block(
        (-200.0, -270.0),
        (400.0, 30.0),
        12.0,
        colours.package.darker(0.18),
    );
    canvas.block((-172.0, -214.0), (344.0, 186.0), 24.0, colours.paper);
    canvas.at((-88.0, -121.0), 0.66, 0.0, |canvas| {
        badge(canvas, colours.accent)
    });
    canvas.at((82.0, -138.0), 0.66, 0.0, |canvas| flavour.motif(canvas));
    lines(canvas, (82.0, -66.0), 60.0, colours);
    beside(canvas, (-244.0, 2.0), (0.62, 30.0), flavour);
    beside(canvas, (262.0, -12.0), (0.56, -20.0), flavour);
}

/// A flat sachet, from the middle of where the box covers it.
fn sachet(canvas: &mut Canvas, flavour: Flavour, colours: &Colours) {
    canvas.seal((-50.0, -240.0), 100.0, -14.0, colours.accent);
    canvas.block((-50.0, -244.0), (100.0, 260.0), 4.0, colours.paper);
    canvas.block((28.0, -244.0), (22.0, 260.0), 4.0, BLACK.faint(0.06));
    canvas.block((-50.0, -244.0), (100.0, 34.0), 3.0, colours.accent);
    canvas.at((0.0, -146.0), 0.42, 0.0, |canvas| flavour.motif(canvas));
}
