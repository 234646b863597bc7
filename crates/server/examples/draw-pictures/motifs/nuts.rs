//! Nuts and dried fruits.

use crate::canvas::Canvas;
use crate::colour::{WHITE, rgb};

/// Two peanuts, one of them open.
pub(crate) fn peanut(canvas: &mut Canvas) {
    canvas.at((-30.0, -6.0), 1.0, 28.0, |canvas| {
        shell(canvas, 0xD9A35C);
        for (x, y) in [
            (-16.0, -64.0),
            (14.0, -46.0),
            (-12.0, -28.0),
            (12.0, 26.0),
            (-20.0, 44.0),
            (20.0, 60.0),
            (-4.0, 76.0),
        ] {
            canvas.circle(x, y, 6.0, rgb(0xB57E3A));
        }
    });
    canvas.at((48.0, 18.0), 0.82, -14.0, |canvas| {
        shell(canvas, 0xC88F4A);
        canvas.at((0.0, 0.0), 0.82, 0.0, |canvas| shell(canvas, 0xF4DDB2));
        for y in [-46.0, 44.0] {
            canvas.ellipse((0.0, y), (27.0, 32.0), rgb(0xA8522C));
            canvas.ellipse((-8.0, y - 10.0), (7.0, 10.0), rgb(0xD08052));
        }
    });
}

fn shell(canvas: &mut Canvas, colour: u32) {
    canvas.shape(
        "M 0 -100 C 42 -100 54 -62 46 -36 C 38 -12 40 -4 50 18 C 66 62 40 100 0 100 \
            C -40 100 -66 62 -50 18 C -40 -4 -38 -12 -46 -36 C -54 -62 -42 -100 0 -100 Z",
        rgb(colour),
    );
}

/// A date and half a walnut.
pub(crate) fn date_and_walnut(canvas: &mut Canvas) {
    canvas.at((-40.0, -14.0), 1.0, 24.0, |canvas| {
        canvas.ellipse((0.0, 0.0), (44.0, 84.0), rgb(0x5E2C18));
        canvas.ellipse((-4.0, -2.0), (35.0, 75.0), rgb(0x844224));
        canvas.line("M -14 -46 Q -24 0 -12 46", 5.0, rgb(0x5E2C18));
        canvas.line("M 10 -52 Q 20 0 8 52", 5.0, rgb(0x5E2C18));
        canvas.circle(0.0, -80.0, 11.0, rgb(0xD8B37A));
    });
    canvas.at((48.0, 30.0), 1.0, -12.0, |canvas| {
        canvas.ellipse((0.0, 0.0), (60.0, 66.0), rgb(0xA8723E));
        canvas.ellipse((0.0, 0.0), (49.0, 55.0), rgb(0xE8C48E));
        let furrow = rgb(0xB4824C);
        canvas.line("M 0 -46 Q 7 -20 0 0 Q -7 22 0 46", 6.0, furrow);
        canvas.line(
            "M -12 -34 Q -34 -28 -26 -8 Q -12 -8 -18 8 Q -40 10 -28 32 Q -14 34 -12 22",
            6.0,
            furrow,
        );
        canvas.line(
            "M 12 -34 Q 34 -28 26 -8 Q 12 -8 18 8 Q 40 10 28 32 Q 14 34 12 22",
            6.0,
            furrow,
        );
    });
}

/// Half a coconut with a small leaf.
pub(crate) fn coconut(canvas: &mut Canvas) {
    crate::motifs::fruits::leaf(canvas, (-56.0, -48.0), -40.0);
    crate::motifs::fruits::leaf(canvas, (-66.0, -30.0), -84.0);
    canvas.circle(8.0, 8.0, 90.0, rgb(0x6E452B));
    canvas.circle(8.0, 8.0, 78.0, rgb(0x8E5E3C));
    canvas.circle(8.0, 8.0, 72.0, WHITE);
    canvas.circle(8.0, 8.0, 46.0, rgb(0xD9ECEA));
    canvas.shape("M -36 2 Q 8 -66 52 2 Q 8 -34 -36 2 Z", rgb(0xBFDCD9));
}
