//! Gift boxes with several products.

use crate::bars::{bite, open_bar, wrapped_bar};
use crate::canvas::Canvas;
use crate::colour::{BLACK, Colour, Colours, WHITE, rgb};
use crate::flavour::Flavour;
use crate::mark::badge;
use crate::pouches::pouch;
use crate::scene::{beside, shadow};
use crate::snacks::{bag, flat_pouch};

/// Draws a package in its own colours.
type Draw = fn(&mut Canvas, Flavour, &Colours);

/// Powder, bars and a shaker.
pub(crate) fn starter(canvas: &mut Canvas, _: Flavour, colours: &Colours) {
    shadow(canvas, 0.0, 320.0, colours);
    inside(canvas, colours);
    item(
        canvas,
        (-118.0, -120.0),
        (0.78, -4.0),
        (pouch, Flavour::Vanilla),
    );
    item(
        canvas,
        (194.0, -284.0),
        (0.7, 80.0),
        (wrapped_bar, Flavour::Raspberry),
    );
    item(
        canvas,
        (150.0, -270.0),
        (0.7, 84.0),
        (wrapped_bar, Flavour::Peanut),
    );
    canvas.at((76.0, -120.0), 0.96, 2.0, |canvas| shaker(canvas, colours));
    gift_box(canvas, colours);
    beside(canvas, (-266.0, 0.0), (0.62, -10.0), Flavour::Vanilla);
    item(
        canvas,
        (206.0, 36.0),
        (0.52, -8.0),
        (open_bar, Flavour::Caramel),
    );
}

/// Bags of savoury snacks.
pub(crate) fn savoury(canvas: &mut Canvas, _: Flavour, colours: &Colours) {
    shadow(canvas, 0.0, 320.0, colours);
    inside(canvas, colours);
    item(
        canvas,
        (-142.0, -110.0),
        (0.66, -6.0),
        (bag, Flavour::Jalapeno),
    );
    item(
        canvas,
        (150.0, -110.0),
        (0.7, 6.0),
        (flat_pouch, Flavour::Teriyaki),
    );
    item(canvas, (0.0, -140.0), (0.8, 0.0), (bag, Flavour::Miso));
    gift_box(canvas, colours);
    beside(canvas, (-256.0, 2.0), (0.62, -10.0), Flavour::Jalapeno);
    beside(canvas, (250.0, 4.0), (0.6, 8.0), Flavour::Paprika);
}

/// Three pouches of powder, bars, bites and a dumbbell.
pub(crate) fn athlete(canvas: &mut Canvas, flavour: Flavour, colours: &Colours) {
    shadow(canvas, 0.0, 320.0, colours);
    inside(canvas, colours);
    item(
        canvas,
        (-150.0, -130.0),
        (0.72, -4.0),
        (pouch, Flavour::Cacao),
    );
    item(canvas, (150.0, -130.0), (0.72, 4.0), (pouch, Flavour::Acai));
    item(
        canvas,
        (0.0, -130.0),
        (0.84, 0.0),
        (pouch, Flavour::Vanilla),
    );
    gift_box(canvas, colours);
    item(
        canvas,
        (-220.0, 30.0),
        (0.52, 6.0),
        (wrapped_bar, Flavour::Peanut),
    );
    for (x, y) in [(52.0, 36.0), (118.0, 44.0)] {
        canvas.at((x, y), 0.62, 0.0, bite);
    }
    beside(canvas, (270.0, -8.0), (0.94, 0.0), flavour);
}

fn item(
    canvas: &mut Canvas,
    point: (f32, f32),
    (scale, angle): (f32, f32),
    (draw, flavour): (Draw, Flavour),
) {
    canvas.at(point, scale, angle, |canvas| {
        draw(canvas, flavour, &flavour.colours());
    });
}

/// The back of an open box, behind what it holds.
fn inside(canvas: &mut Canvas, colours: &Colours) {
    canvas.shape(
        "M -280 -240 L -236 -306 L 236 -306 L 280 -240 Z",
        colours.package.darker(0.4),
    );
}

/// The front of a box with a ribbon, a bow and the mark.
fn gift_box(canvas: &mut Canvas, colours: &Colours) {
    let ribbon = colours.accent;
    canvas.block((-280.0, -240.0), (560.0, 240.0), 14.0, colours.package);
    canvas.block(
        (-294.0, -254.0),
        (588.0, 48.0),
        12.0,
        colours.package.darker(0.12),
    );
    canvas.block((-280.0, -30.0), (560.0, 30.0), 14.0, BLACK.faint(0.1));
    canvas.block((-30.0, -254.0), (60.0, 254.0), 0.0, ribbon);
    canvas.block((14.0, -254.0), (16.0, 254.0), 0.0, BLACK.faint(0.12));
    bow(canvas, ribbon);
    canvas.at((-158.0, -106.0), 0.62, 0.0, |canvas| badge(canvas, ribbon));
    for (width, y) in [(130.0, -124.0), (84.0, -98.0)] {
        canvas.block(
            (158.0 - 0.5 * width, y),
            (width, 14.0),
            7.0,
            WHITE.faint(0.5),
        );
    }
}

/// The ends of the ribbon, its two loops and its knot.
fn bow(canvas: &mut Canvas, ribbon: Colour) {
    canvas.shape(
        "M 0 -218 L -64 -118 L -34 -126 L -22 -98 L 14 -200 Z",
        ribbon.darker(0.14),
    );
    canvas.shape(
        "M 0 -218 L 64 -118 L 34 -126 L 22 -98 L -14 -200 Z",
        ribbon.darker(0.14),
    );
    for angle in [-164.0, -16.0] {
        canvas.at((0.0, -226.0), 1.0, angle, |canvas| {
            canvas.shape("M 0 0 C 40 -56 128 -60 124 0 C 128 60 40 56 0 0 Z", ribbon);
            canvas.shape(
                "M 18 0 C 46 -24 96 -28 94 0 C 96 28 46 24 18 0 Z",
                ribbon.darker(0.2),
            );
        });
    }
    canvas.block((-27.0, -252.0), (54.0, 52.0), 16.0, ribbon.darker(0.07));
}

/// A shaker with a scale, from the centre of its base.
fn shaker(canvas: &mut Canvas, colours: &Colours) {
    canvas.shape("M -86 -320 L 86 -320 L 70 0 L -70 0 Z", rgb(0xE9F2F8));
    canvas.shape("M 50 -320 L 86 -320 L 70 0 L 36 0 Z", BLACK.faint(0.07));
    for mark in 0..6_u8 {
        let y = f32::from(mark).mul_add(34.0, -280.0);
        canvas.block((22.0, y), (34.0, 7.0), 3.0, colours.accent.lighter(0.2));
    }
    canvas.at((-22.0, -236.0), 0.36, 0.0, |canvas| {
        badge(canvas, colours.accent)
    });
    canvas.block((-96.0, -372.0), (192.0, 64.0), 16.0, colours.accent);
    canvas.block(
        (-96.0, -326.0),
        (192.0, 18.0),
        9.0,
        colours.accent.darker(0.18),
    );
    canvas.block(
        (-62.0, -412.0),
        (62.0, 50.0),
        12.0,
        colours.accent.darker(0.1),
    );
    canvas.line(
        "M 20 -374 Q 76 -430 80 -372",
        12.0,
        colours.accent.darker(0.18),
    );
}
