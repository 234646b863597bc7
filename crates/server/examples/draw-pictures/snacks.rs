//! Packages of snacks.

use crate::canvas::Canvas;
use crate::colour::{BLACK, Colours, WHITE, rgb};
use crate::flavour::Flavour;
use crate::mark::{badge, label, lines};
use crate::pouches::pouch;
use crate::scene::{beside, shadow};

/// A bag that is full of air, 500 units high, from the centre of its base.
pub(crate) fn bag(canvas: &mut Canvas, flavour: Flavour, colours: &Colours) {
    let (body, dark) = (colours.package, colours.package.darker(0.16));
    canvas.seal((-158.0, -464.0), 316.0, -28.0, dark);
    canvas.seal((-158.0, -36.0), 316.0, 28.0, dark);
    canvas.shape(
        "M -158 -466 L 158 -466 C 176 -400 186 -330 182 -250 C 186 -170 176 -100 158 -34 \
            L -158 -34 C -176 -100 -186 -170 -182 -250 C -186 -330 -176 -400 -158 -466 Z",
        body,
    );
    canvas.shape(
        "M 158 -466 C 176 -400 186 -330 182 -250 C 186 -170 176 -100 158 -34 L 110 -34 \
            C 150 -180 150 -330 110 -466 Z",
        BLACK.faint(0.1),
    );
    canvas.shape(
        "M -140 -440 C -164 -330 -164 -180 -146 -80 C -150 -190 -146 -330 -116 -440 Z",
        WHITE.faint(0.3),
    );
    canvas.line("M -158 -466 L 158 -466", 4.0, BLACK.faint(0.12));
    canvas.line("M -158 -34 L 158 -34", 4.0, BLACK.faint(0.12));
    canvas.at((0.0, -236.0), 1.0, 0.0, |canvas| {
        label(canvas, (226.0, 290.0), flavour, colours);
    });
}

/// Three bags of crisps, and crisps before them.
pub(crate) fn crisp_bags(canvas: &mut Canvas, flavour: Flavour, colours: &Colours) {
    shadow(canvas, 0.0, 300.0, colours);
    let behind = Colours {
        package: colours.package.darker(0.2),
        ..*colours
    };
    canvas.at((-160.0, -24.0), 0.82, -11.0, |canvas| {
        bag(canvas, flavour, &behind)
    });
    canvas.at((160.0, -24.0), 0.82, 11.0, |canvas| {
        bag(canvas, flavour, &behind)
    });
    canvas.at((0.0, 10.0), 1.0, 0.0, |canvas| {
        bag(canvas, flavour, colours)
    });
    for (x, y, angle) in [
        (-226.0, 24.0, -16.0),
        (-128.0, 46.0, 12.0),
        (150.0, 44.0, -8.0),
    ] {
        canvas.at((x, y), 1.0, angle, crisp);
    }
    beside(canvas, (252.0, 14.0), (0.6, 10.0), flavour);
}

/// A curved crisp with green specks.
fn crisp(canvas: &mut Canvas) {
    canvas.ellipse((2.0, 16.0), (60.0, 22.0), BLACK.faint(0.12));
    canvas.shape(
        "M -62 0 Q -40 -44 8 -40 Q 58 -36 64 4 Q 40 -10 6 14 Q -30 34 -62 0 Z",
        rgb(0xF6D886),
    );
    canvas.shape(
        "M 64 4 Q 40 -10 6 14 Q -30 34 -62 0 Q -30 16 4 -2 Q 40 -20 64 4 Z",
        rgb(0xE2B456),
    );
    for (x, y) in [
        (-30.0, -12.0),
        (-6.0, -26.0),
        (16.0, -16.0),
        (34.0, -22.0),
        (-12.0, -6.0),
    ] {
        canvas.circle(x, y, 4.0, rgb(0x4F963A));
    }
}

/// One large bag, and a heap of puffs.
pub(crate) fn puff_bag(canvas: &mut Canvas, flavour: Flavour, colours: &Colours) {
    shadow(canvas, 0.0, 270.0, colours);
    canvas.at((0.0, 6.0), 1.12, 0.0, |canvas| {
        bag(canvas, flavour, colours)
    });
    for (x, y, angle) in [
        (-262.0, 20.0, 20.0),
        (-200.0, 30.0, -30.0),
        (-228.0, -30.0, 8.0),
        (-134.0, 40.0, 15.0),
        (150.0, 42.0, -20.0),
    ] {
        canvas.at((x, y), 1.0, angle, puff);
    }
    beside(canvas, (242.0, -18.0), (0.74, 8.0), flavour);
}

fn puff(canvas: &mut Canvas) {
    canvas.ellipse((4.0, 22.0), (44.0, 20.0), BLACK.faint(0.12));
    for (x, y, radius) in [
        (-24.0, 4.0, 22.0),
        (0.0, -8.0, 28.0),
        (24.0, 4.0, 22.0),
        (0.0, 12.0, 24.0),
    ] {
        canvas.circle(x, y, radius, rgb(0xF2953C));
    }
    canvas.circle(-6.0, -12.0, 13.0, rgb(0xFBBE72));
    canvas.circle(18.0, 6.0, 5.0, rgb(0xC24A1C));
    canvas.circle(-18.0, 10.0, 4.0, rgb(0xC24A1C));
}

/// Three flat pouches, and strips of jerky.
pub(crate) fn jerky(canvas: &mut Canvas, flavour: Flavour, colours: &Colours) {
    shadow(canvas, 0.0, 290.0, colours);
    let red = Colours {
        package: rgb(0x8E2A20),
        ..*colours
    };
    let brown = Colours {
        package: rgb(0x6B4630),
        ..*colours
    };
    canvas.at((-150.0, -20.0), 0.84, -13.0, |canvas| {
        flat_pouch(canvas, flavour, &brown)
    });
    canvas.at((150.0, -20.0), 0.84, 13.0, |canvas| {
        flat_pouch(canvas, flavour, &red)
    });
    canvas.at((0.0, 4.0), 1.0, 0.0, |canvas| {
        flat_pouch(canvas, flavour, colours)
    });
    for (x, y, angle) in [
        (-204.0, 14.0, -12.0),
        (-170.0, 46.0, 6.0),
        (176.0, 40.0, -8.0),
    ] {
        canvas.at((x, y), 1.0, angle, strip);
    }
}

/// A pouch with a hole to hang it by, 490 units high.
pub(crate) fn flat_pouch(canvas: &mut Canvas, flavour: Flavour, colours: &Colours) {
    canvas.block((-150.0, -490.0), (300.0, 490.0), 18.0, colours.package);
    canvas.block((-150.0, -490.0), (300.0, 66.0), 18.0, colours.accent);
    canvas.block(
        (-34.0, -468.0),
        (68.0, 22.0),
        11.0,
        colours.backdrop.lighter(0.42),
    );
    canvas.block((-150.0, -36.0), (300.0, 36.0), 18.0, BLACK.faint(0.16));
    canvas.block((112.0, -424.0), (38.0, 410.0), 10.0, BLACK.faint(0.1));
    canvas.block((-138.0, -410.0), (12.0, 360.0), 6.0, WHITE.faint(0.22));
    canvas.at((0.0, -216.0), 1.0, 0.0, |canvas| {
        label(canvas, (214.0, 286.0), flavour, colours);
    });
}

fn strip(canvas: &mut Canvas) {
    canvas.block((-92.0, -8.0), (188.0, 34.0), 14.0, BLACK.faint(0.14));
    canvas.shape(
        "M -96 -12 Q -50 -26 -4 -16 Q 48 -4 94 -20 L 98 8 Q 50 24 0 12 Q -46 2 -92 16 Z",
        rgb(0x8A3E22),
    );
    canvas.line("M -76 -4 Q -30 -14 4 -4 Q 44 8 80 -4", 5.0, rgb(0xB8643C));
    for (x, y) in [(-52.0, 2.0), (-14.0, -8.0), (26.0, 8.0), (60.0, -8.0)] {
        canvas.ellipse((x, y), (6.0, 3.5), rgb(0xF3DEAE));
    }
}

/// A pouch with granola behind it in a bowl.
pub(crate) fn granola(canvas: &mut Canvas, flavour: Flavour, colours: &Colours) {
    shadow(canvas, -40.0, 200.0, colours);
    canvas.at((-50.0, 0.0), 1.08, 0.0, |canvas| {
        pouch(canvas, flavour, colours)
    });
    canvas.at((176.0, 22.0), 1.0, 0.0, |canvas| {
        granola_bowl(canvas, colours)
    });
    beside(canvas, (-254.0, -16.0), (0.72, -6.0), flavour);
}

/// A bowl of clusters and seeds, from the centre of its base.
fn granola_bowl(canvas: &mut Canvas, colours: &Colours) {
    canvas.ellipse((0.0, 0.0), (120.0, 18.0), colours.backdrop.darker(0.22));
    canvas.at((0.0, -122.0), 1.0, 0.0, |canvas| {
        canvas.ellipse((0.0, 8.0), (128.0, 34.0), rgb(0xA86630));
        canvas.scattered(22, (112.0, 38.0), |canvas, turn| {
            let colour = [0xD8964C, 0xC07C38, 0xE8B46C][usize::from(turn % 3)];
            canvas.circle(0.0, 0.0, 22.0, rgb(colour));
        });
        canvas.scattered(9, (100.0, 32.0), |canvas, _| {
            canvas.ellipse((0.0, 10.0), (7.0, 13.0), rgb(0x6F9C44));
        });
    });
    canvas.shape(
        "M -142 -112 Q 0 -76 142 -112 C 136 -40 90 0 50 0 L -50 0 C -90 0 -136 -40 -142 -112 \
            Z",
        WHITE,
    );
    canvas.shape(
        "M 142 -112 C 136 -40 90 0 50 0 L 16 0 C 80 -20 104 -60 104 -100 Z",
        BLACK.faint(0.08),
    );
    canvas.at((-10.0, -46.0), 0.3, 0.0, |canvas| {
        badge(canvas, colours.accent)
    });
}

/// A carton of crackers, and some that lean on it.
pub(crate) fn crackers(canvas: &mut Canvas, flavour: Flavour, colours: &Colours) {
    shadow(canvas, 0.0, 280.0, colours);
    canvas.shape(
        "M 180 -470 L 236 -500 L 236 -30 L 180 0 Z",
        colours.package.darker(0.3),
    );
    canvas.shape(
        "M -180 -470 L -124 -500 L 236 -500 L 180 -470 Z",
        colours.package.lighter(0.16),
    );
    canvas.block((-180.0, -470.0), (360.0, 470.0), 6.0, colours.package);
    canvas.block((-180.0, -430.0), (360.0, 12.0), 0.0, colours.accent);
    canvas.block((-180.0, -52.0), (360.0, 12.0), 0.0, colours.accent);
    canvas.block((-146.0, -394.0), (292.0, 318.0), 26.0, colours.paper);
    canvas.at((-74.0, -316.0), 0.56, 0.0, |canvas| {
        badge(canvas, colours.accent)
    });
    lines(canvas, (68.0, -326.0), 60.0, colours);
    canvas.at((0.0, -172.0), 0.9, 0.0, |canvas| flavour.motif(canvas));
    for (x, y, angle) in [
        (-236.0, -44.0, -10.0),
        (-178.0, -12.0, 14.0),
        (206.0, -30.0, 6.0),
    ] {
        canvas.at((x, y), 1.0, angle, cracker);
    }
}

/// A round cracker with black and white sesame.
fn cracker(canvas: &mut Canvas) {
    canvas.circle(6.0, 8.0, 74.0, BLACK.faint(0.14));
    canvas.circle(0.0, 0.0, 74.0, rgb(0xC98F46));
    canvas.circle(-2.0, -2.0, 66.0, rgb(0xE9BE78));
    canvas.scattered(22, (58.0, 58.0), |canvas, turn| {
        let colour = if turn % 2 == 0 { 0x2B2B28 } else { 0xFFF7E2 };
        canvas.ellipse((0.0, 0.0), (4.0, 7.0), rgb(colour));
    });
}
