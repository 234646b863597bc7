//! Coffee, eggs, and sport.

use crate::canvas::Canvas;
use crate::colour::{WHITE, rgb};
use crate::mark::YOLK;

/// Three coffee beans.
pub(crate) fn beans(canvas: &mut Canvas) {
    for (x, y, angle) in [
        (-46.0, -30.0, 24.0),
        (48.0, -22.0, -30.0),
        (2.0, 52.0, 70.0),
    ] {
        canvas.at((x, y), 1.0, angle, |canvas| {
            canvas.ellipse((0.0, 0.0), (42.0, 56.0), rgb(0x4A2B1B));
            canvas.ellipse((-4.0, -3.0), (34.0, 48.0), rgb(0x6E442C));
            canvas.line("M 2 -46 Q -16 -14 0 2 Q 14 18 -2 46", 7.0, rgb(0x3A2013));
        });
    }
}

/// A broken egg shell with a yolk above it.
pub(crate) fn cracked_egg(canvas: &mut Canvas) {
    canvas.shape(
        "M -62 -40 C -52 -76 -24 -104 4 -104 C 34 -104 60 -74 68 -40 L 44 -58 L 24 -38 \
            L 0 -60 L -22 -38 L -42 -58 Z",
        rgb(0xF3DDC3),
    );
    canvas.circle(0.0, -2.0, 40.0, YOLK);
    canvas.circle(-13.0, -14.0, 10.0, WHITE.faint(0.75));
    canvas.shape(
        "M -76 22 L -50 6 L -26 28 L 0 8 L 26 28 L 50 6 L 76 22 C 78 70 44 104 0 104 \
            C -44 104 -78 70 -76 22 Z",
        rgb(0xF3DDC3),
    );
    canvas.shape(
        "M 76 22 C 78 70 44 104 0 104 C 44 92 56 60 54 10 Z",
        rgb(0xDFC2A2),
    );
}

/// A hen in the grass.
pub(crate) fn hen(canvas: &mut Canvas) {
    let red = rgb(0xD93F30);
    canvas.line("M -6 56 L -10 92", 7.0, rgb(0xE0922E));
    canvas.line("M 20 56 L 20 92", 7.0, rgb(0xE0922E));
    canvas.circle(46.0, -82.0, 12.0, red);
    canvas.circle(62.0, -84.0, 13.0, red);
    canvas.circle(77.0, -74.0, 10.0, red);
    canvas.shape(
        "M 38 -50 C 38 -92 90 -92 88 -46 C 86 0 84 66 8 66 C -54 66 -82 22 -92 -50 \
            C -60 -34 -56 -18 -30 -14 C 4 -8 36 -14 38 -50 Z",
        rgb(0xB86B36),
    );
    canvas.shape(
        "M -42 4 Q -4 -8 36 8 Q 30 46 -6 42 Q -34 36 -42 4 Z",
        rgb(0x8F4D22),
    );
    canvas.shape("M 86 -56 L 110 -44 L 86 -36 Z", rgb(0xF0A830));
    canvas.ellipse((84.0, -22.0), (8.0, 13.0), red);
    canvas.circle(68.0, -52.0, 6.0, rgb(0x2A1A12));
    for x in [-70.0, -44.0, 44.0, 72.0] {
        canvas.at((x, 98.0), 1.0, 0.0, |canvas| {
            canvas.shape(
                "M -16 0 Q -12 -20 -18 -30 Q -4 -20 0 -2 Q 2 -26 12 -36 Q 10 -14 16 0 Z",
                rgb(0x5DA041),
            );
        });
    }
}

/// A cup of coffee with a heart of foam, from above.
pub(crate) fn latte(canvas: &mut Canvas) {
    canvas.circle(0.0, 0.0, 98.0, WHITE);
    canvas.circle(0.0, 0.0, 84.0, rgb(0xDDCFC3));
    canvas.block((60.0, -14.0), (50.0, 28.0), 12.0, rgb(0xF7F2EC));
    canvas.circle(0.0, 0.0, 74.0, rgb(0xF7F2EC));
    canvas.circle(0.0, 0.0, 64.0, rgb(0x8A5430));
    canvas.circle(0.0, 0.0, 56.0, rgb(0xB47846));
    canvas.shape(
        "M 0 44 C -30 16 -46 2 -44 -16 C -42 -38 -12 -42 0 -18 C 12 -42 42 -38 44 -16 \
            C 46 2 30 16 0 44 Z",
        rgb(0xFFF6E8),
    );
}

/// A dumbbell.
pub(crate) fn dumbbell(canvas: &mut Canvas) {
    canvas.at((0.0, 14.0), 1.0, -8.0, |canvas| {
        canvas.block((-70.0, -11.0), (140.0, 22.0), 8.0, rgb(0x7A8AA4));
        for side in [-1.0, 1.0_f32] {
            let x = 58.0 * side;
            canvas.block((x - 16.0, -62.0), (32.0, 124.0), 12.0, rgb(0x2B374C));
            canvas.block(
                (x.mul_add(1.48, -12.0), -44.0),
                (24.0, 88.0),
                10.0,
                rgb(0x445570),
            );
            canvas.block((x - 8.0, -50.0), (7.0, 100.0), 3.0, WHITE.faint(0.25));
        }
    });
}
