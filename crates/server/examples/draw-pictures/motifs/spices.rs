//! Herbs, vegetables and savoury things.

use crate::canvas::Canvas;
use crate::colour::{BLACK, WHITE, rgb};

/// Spinach leaves and chives.
pub(crate) fn leaves(canvas: &mut Canvas) {
    canvas.line("M -14 90 Q -6 0 10 -98", 7.0, rgb(0x6FB24A));
    canvas.line("M 10 92 Q 16 0 40 -92", 7.0, rgb(0x84C25A));
    for (angle, scale, colour) in [
        (-48.0, 1.0, 0x2F7D4A),
        (46.0, 0.95, 0x3C9256),
        (-4.0, 0.8, 0x57AA5E),
    ] {
        canvas.at((0.0, 88.0), scale, angle, |canvas| {
            canvas.line("M 0 0 L 0 -50", 10.0, rgb(0x7FB862));
            canvas.shape(
                "M 0 -34 C -34 -30 -62 -62 -48 -100 C -40 -140 -16 -158 0 -172 \
            C 16 -158 40 -140 48 -100 C 62 -62 34 -30 0 -34 Z",
                rgb(colour),
            );
            let vein = rgb(0x8CC880);
            canvas.line("M 0 -36 L 0 -146", 5.0, vein);
            canvas.line("M -28 -96 L 0 -70 L 28 -96", 4.0, vein);
            canvas.line("M -22 -126 L 0 -104 L 22 -126", 4.0, vein);
        });
    }
}

/// A green chilli pepper and a slice of lime.
pub(crate) fn jalapeno(canvas: &mut Canvas) {
    canvas.circle(50.0, 48.0, 46.0, rgb(0x6DB02E));
    canvas.circle(50.0, 48.0, 39.0, rgb(0xF2FAD2));
    canvas.at((50.0, 48.0), 0.45, 0.0, |canvas| {
        canvas.around(7, |canvas, _| {
            canvas.shape("M 0 -10 L 28 -62 Q 0 -84 -28 -62 Z", rgb(0xB4D955));
        });
    });
    canvas.shape(
        "M 46 -66 C 84 -40 60 14 10 50 C -26 78 -66 92 -92 86 C -64 70 -62 44 -44 8 \
            C -26 -34 8 -92 46 -66 Z",
        rgb(0x2E8A34),
    );
    canvas.line("M 22 -46 Q -22 -10 -40 42", 9.0, rgb(0x7CC262));
    canvas.shape("M 24 -74 Q 50 -88 74 -50 Q 50 -60 24 -74 Z", rgb(0x1D5C26));
    canvas.line("M 52 -70 Q 60 -90 82 -96", 12.0, rgb(0x1D5C26));
}

/// A red bell pepper.
pub(crate) fn paprika(canvas: &mut Canvas) {
    let (red, dark) = (rgb(0xE03A26), rgb(0xB42216));
    canvas.ellipse((-46.0, 12.0), (46.0, 76.0), dark);
    canvas.ellipse((46.0, 12.0), (46.0, 76.0), dark);
    canvas.ellipse((0.0, 18.0), (44.0, 80.0), red);
    canvas.ellipse((-50.0, 8.0), (36.0, 66.0), red);
    canvas.ellipse((50.0, 8.0), (36.0, 66.0), red);
    canvas.line("M -64 -20 Q -74 14 -60 40", 10.0, WHITE.faint(0.45));
    canvas.shape(
        "M -44 -50 Q 0 -84 44 -50 Q 18 -40 0 -34 Q -18 -40 -44 -50 Z",
        rgb(0x4B8F35),
    );
    canvas.line("M 0 -56 Q 0 -84 20 -98", 16.0, rgb(0x4B8F35));
}

/// A bowl of sauce with sesame, from above, and chopsticks.
pub(crate) fn teriyaki(canvas: &mut Canvas) {
    canvas.circle(0.0, 6.0, 90.0, rgb(0xC4392B));
    canvas.circle(0.0, 6.0, 76.0, rgb(0x8E221A));
    canvas.circle(0.0, 6.0, 70.0, rgb(0x4A2214));
    canvas.line("M -44 -12 Q -32 -44 0 -48", 9.0, rgb(0x965834));
    canvas.scattered(9, (52.0, 46.0), |canvas, _| {
        canvas.ellipse((0.0, 6.0), (5.0, 9.0), rgb(0xF5E2B4));
    });
    canvas.line("M -40 104 L 84 -84", 10.0, rgb(0xD9A862));
    canvas.line("M -12 108 L 102 -68", 10.0, rgb(0xC28E48));
}

/// A pumpkin with a stick of cinnamon.
pub(crate) fn pumpkin(canvas: &mut Canvas) {
    let (dark, light) = (rgb(0xD06214), rgb(0xEE8227));
    canvas.line("M 0 -46 Q -4 -76 22 -92", 18.0, rgb(0x5E7F36));
    canvas.ellipse((-56.0, 10.0), (42.0, 60.0), dark);
    canvas.ellipse((56.0, 10.0), (42.0, 60.0), dark);
    canvas.ellipse((-30.0, 8.0), (40.0, 66.0), light);
    canvas.ellipse((30.0, 8.0), (40.0, 66.0), light);
    canvas.ellipse((0.0, 8.0), (34.0, 68.0), dark);
    canvas.ellipse((0.0, 8.0), (28.0, 66.0), rgb(0xF79E45));
    for (y, colour) in [(78.0, 0x8A4B24), (96.0, 0x703918)] {
        canvas.at((0.0, y), 1.0, -6.0, |canvas| {
            canvas.block((-70.0, -10.0), (140.0, 19.0), 9.0, rgb(colour));
            canvas.circle(61.0, 0.0, 5.0, rgb(0xC98955));
        });
    }
}

/// A lacquer bowl of miso, with steam and sesame.
pub(crate) fn miso(canvas: &mut Canvas) {
    canvas.line(
        "M -30 -62 Q -46 -78 -30 -90 Q -18 -100 -28 -108",
        7.0,
        BLACK.faint(0.16),
    );
    canvas.line(
        "M 24 -62 Q 8 -78 24 -90 Q 36 -100 26 -108",
        7.0,
        BLACK.faint(0.16),
    );
    canvas.block((-38.0, 62.0), (76.0, 24.0), 6.0, rgb(0x7E1E18));
    canvas.shape(
        "M -96 -24 L 96 -24 Q 92 74 20 74 L -20 74 Q -92 74 -96 -24 Z",
        rgb(0xB03226),
    );
    canvas.shape(
        "M 56 -24 L 96 -24 Q 92 74 20 74 Q 62 50 56 -24 Z",
        rgb(0x8E221A),
    );
    canvas.ellipse((0.0, -24.0), (96.0, 30.0), rgb(0x5E1612));
    canvas.ellipse((0.0, -22.0), (84.0, 23.0), rgb(0xE0B060));
    canvas.block((-46.0, -40.0), (34.0, 16.0), 4.0, rgb(0xFFF6E4));
    canvas.block((2.0, -24.0), (34.0, 16.0), 4.0, rgb(0xFFF6E4));
    canvas.at((20.0, -32.0), 1.0, 0.0, |canvas| {
        canvas.scattered(6, (52.0, 8.0), |canvas, _| {
            canvas.ellipse((0.0, 0.0), (3.5, 6.0), rgb(0x2A3A30))
        });
    });
}
