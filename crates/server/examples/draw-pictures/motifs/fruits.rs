//! Fruits.

use crate::canvas::Canvas;
use crate::colour::{Colour, WHITE, rgb};

const LEAF: Colour = rgb(0x5EA045);

/// Açaí berries with two leaves.
pub(crate) fn acai(canvas: &mut Canvas) {
    canvas.line("M 0 -96 Q 6 -60 0 -20", 8.0, rgb(0x6B5A34));
    leaf(canvas, (2.0, -70.0), 58.0);
    leaf(canvas, (-2.0, -70.0), -62.0);
    for (x, y) in [
        (-58.0, -6.0),
        (58.0, -6.0),
        (0.0, -20.0),
        (-32.0, 40.0),
        (32.0, 40.0),
        (0.0, 82.0),
    ] {
        canvas.circle(x, y, 37.0, rgb(0x46236E));
        canvas.circle(x - 3.0, y - 3.0, 31.0, rgb(0x5F3493));
        canvas.circle(x - 12.0, y - 13.0, 9.0, rgb(0xB794DC));
    }
}

/// A slice of lemon.
pub(crate) fn lemon(canvas: &mut Canvas) {
    leaf(canvas, (48.0, -74.0), 60.0);
    canvas.circle(0.0, 0.0, 94.0, rgb(0xEFBD16));
    canvas.circle(0.0, 0.0, 82.0, rgb(0xFFFBE0));
    canvas.around(8, |canvas, _| {
        canvas.shape(
            "M 0 -10 L 24 -60 Q 26 -72 14 -74 Q 0 -77 -14 -74 Q -26 -72 -24 -60 Z",
            rgb(0xFADC4A),
        );
    });
}

/// A raspberry with its leaves.
pub(crate) fn raspberry(canvas: &mut Canvas) {
    let rows: [(f32, &[f32]); 5] = [
        (-36.0, &[-54.0, -18.0, 18.0, 54.0]),
        (-4.0, &[-66.0, -33.0, 0.0, 33.0, 66.0]),
        (28.0, &[-48.0, -16.0, 16.0, 48.0]),
        (58.0, &[-30.0, 0.0, 30.0]),
        (84.0, &[-12.0, 12.0]),
    ];
    canvas.shape(
        "M -72 -40 Q 0 -70 72 -40 Q 90 20 30 84 Q 0 108 -30 84 Q -90 20 -72 -40 Z",
        rgb(0xA91747),
    );
    for (y, row) in rows {
        for x in row {
            canvas.circle(*x, y, 20.0, rgb(0xC22257));
            canvas.circle(*x - 1.0, y - 1.0, 16.0, rgb(0xE24578));
            canvas.circle(*x - 6.0, y - 6.0, 4.5, WHITE.faint(0.7));
        }
    }
    canvas.line("M 0 -56 Q 4 -80 16 -100", 9.0, rgb(0x4B8337));
    for angle in [-76.0, -38.0, 0.0, 38.0, 76.0] {
        canvas.at((0.0, -60.0), 1.0, angle, |canvas| {
            canvas.shape("M 0 -10 Q 22 16 0 46 Q -22 16 0 -10 Z", LEAF);
        });
    }
}

/// A leaf that grows from a point. Without an angle it points up.
pub(crate) fn leaf(canvas: &mut Canvas, point: (f32, f32), angle: f32) {
    canvas.at(point, 1.0, angle, |canvas| {
        canvas.shape("M 0 0 C -34 -24 -28 -66 0 -88 C 28 -66 34 -24 0 0 Z", LEAF);
        canvas.line("M 0 -6 L 0 -66", 4.0, rgb(0x447F30));
    });
}
