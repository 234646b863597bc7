//! Vanilla, cacao, caramel, and what one bakes.

use crate::canvas::Canvas;
use crate::colour::{BLACK, WHITE, rgb};

/// A vanilla flower on two pods.
pub(crate) fn vanilla(canvas: &mut Canvas) {
    canvas.line("M -86 84 Q -10 40 92 88", 13.0, rgb(0x5A3A22));
    canvas.line("M -80 54 Q 0 64 84 42", 13.0, rgb(0x744C2C));
    canvas.at((0.0, -14.0), 1.0, 0.0, |canvas| {
        canvas.around(5, |canvas, _| {
            canvas.shape(
                "M 0 0 C -50 -30 -38 -82 0 -92 C 38 -82 50 -30 0 0 Z",
                rgb(0xFFFCEE),
            );
            canvas.line("M 0 -30 L 0 -66", 5.0, rgb(0xF3D983));
        });
        canvas.circle(0.0, 0.0, 24.0, rgb(0xF3C03F));
        canvas.circle(0.0, 0.0, 11.0, rgb(0xD99422));
    });
}

/// A cacao pod and two pieces of chocolate.
pub(crate) fn cacao(canvas: &mut Canvas) {
    canvas.at((-14.0, -16.0), 1.0, 28.0, |canvas| {
        canvas.shape(
            "M 0 -96 C 44 -80 64 -30 56 20 C 50 62 20 88 0 98 C -20 88 -50 62 -56 20 \
            C -64 -30 -44 -80 0 -96 Z",
            rgb(0xB05A2C),
        );
        let ridge = rgb(0x843E1C);
        canvas.line("M 0 -84 L 0 86", 6.0, ridge);
        canvas.line("M -8 -82 C -44 -40 -38 40 -8 84", 6.0, ridge);
        canvas.line("M 8 -82 C 44 -40 38 40 8 84", 6.0, ridge);
        canvas.line("M 0 -94 L 0 -112", 12.0, rgb(0x6B7A3A));
    });
    for (x, y, angle) in [(58.0, 62.0, 12.0), (6.0, 78.0, -10.0)] {
        canvas.at((x, y), 1.0, angle, |canvas| {
            canvas.block((-27.0, -22.0), (54.0, 44.0), 6.0, rgb(0x4A2A1C));
            canvas.block((-18.0, -14.0), (36.0, 28.0), 4.0, rgb(0x653D2A));
        });
    }
}

/// A whisk with a cap of beaten egg white.
pub(crate) fn whisk(canvas: &mut Canvas) {
    canvas.at((0.0, 0.0), 1.0, 35.0, |canvas| {
        let wire = rgb(0x7B8E9C);
        canvas.line(
            "M 0 -20 C -66 20 -50 92 0 92 C 50 92 66 20 0 -20 Z",
            6.0,
            wire,
        );
        canvas.line(
            "M 0 -20 C -26 20 -22 92 0 92 C 22 92 26 20 0 -20 Z",
            6.0,
            wire,
        );
        canvas.shape(
            "M -52 50 Q -40 32 -20 46 Q 0 28 20 46 Q 40 32 52 50 Q 58 100 0 108 Q -58 100 -52 50 \
            Z",
            WHITE,
        );
        canvas.line("M -26 78 Q 0 94 28 74", 5.0, rgb(0xD3DFE6));
        canvas.block((-12.0, -108.0), (24.0, 96.0), 12.0, rgb(0x3F6F8F));
        canvas.block((-14.0, -34.0), (28.0, 22.0), 8.0, rgb(0x2E5570));
    });
}

/// A dish of custard with a crust of burnt sugar.
pub(crate) fn brulee(canvas: &mut Canvas) {
    canvas.shape(
        "M -92 0 L 92 0 L 78 62 Q 74 78 56 78 L -56 78 Q -74 78 -78 62 Z",
        rgb(0xFFFAF0),
    );
    for ridge in 0..8_u8 {
        let x = f32::from(ridge).mul_add(20.0, -72.0);
        canvas.block((x, 14.0), (7.0, 52.0), 3.0, rgb(0xE9D8BE));
    }
    canvas.ellipse((0.0, 0.0), (96.0, 34.0), rgb(0xFFFAF0));
    canvas.ellipse((0.0, -2.0), (82.0, 26.0), rgb(0xD88426));
    canvas.ellipse((-26.0, -8.0), (26.0, 7.0), rgb(0xA35314));
    canvas.ellipse((34.0, 4.0), (20.0, 6.0), rgb(0xA35314));
    canvas.ellipse((24.0, -14.0), (12.0, 3.5), rgb(0xF7C066));
    canvas.shape(
        "M 0 -26 C -40 -50 -16 -78 -4 -106 C 10 -84 40 -56 0 -26 Z",
        rgb(0xEE7A24),
    );
    canvas.shape(
        "M 0 -28 C -20 -44 -8 -58 -1 -74 C 10 -58 20 -44 0 -28 Z",
        rgb(0xFBCB4B),
    );
}

/// A drop of caramel and grains of salt.
pub(crate) fn caramel(canvas: &mut Canvas) {
    canvas.shape(
        "M 0 -98 C 14 -56 66 -10 66 34 C 66 70 36 94 0 94 C -36 94 -66 70 -66 34 \
            C -66 -10 -14 -56 0 -98 Z",
        rgb(0xD48022),
    );
    canvas.shape(
        "M 0 -98 C 14 -56 66 -10 66 34 C 66 70 36 94 0 94 C 60 60 40 -10 0 -98 Z",
        rgb(0xB96614),
    );
    canvas.line("M -42 30 Q -42 60 -18 70", 10.0, rgb(0xF6C174));
    for (x, y, size, angle) in [
        (-74.0, -44.0, 26.0, 20.0),
        (72.0, -56.0, 30.0, 40.0),
        (46.0, -88.0, 18.0, 10.0),
        (-86.0, 76.0, 22.0, 50.0),
        (86.0, 78.0, 24.0, 15.0),
    ] {
        canvas.at((x, y), 1.0, angle, |canvas| {
            canvas.block((-0.5 * size, -0.5 * size), (size, size), 4.0, WHITE);
            canvas.block(
                (0.0, -0.5 * size),
                (0.5 * size, size),
                3.0,
                BLACK.faint(0.12),
            );
        });
    }
}
