//! A whole picture: the backdrop, the package, and what lies beside it.

use std::error::Error;

use tiny_skia::Pixmap;

use crate::canvas::Canvas;
use crate::colour::{BLACK, Colours, WHITE};
use crate::flavour::Flavour;
use crate::product::Package;
use crate::{bars, bundles, liquids, pouches, snacks};

/// The height at which packages stand.
const FLOOR: f32 = 680.0;

pub(crate) fn draw(package: Package, flavour: Flavour) -> Result<Pixmap, Box<dyn Error>> {
    let mut canvas = Canvas::new()?;
    let colours = flavour.colours();
    backdrop(&mut canvas, &colours);
    let draw_package = match package {
        Package::Pouch => pouches::large,
        Package::SmallPouch => pouches::small,
        Package::Tub => pouches::tub_with_scoop,
        Package::Sachets => pouches::sachets,
        Package::BarBox => bars::display_box,
        Package::Bars => bars::fan,
        Package::BiteBag => bars::bite_bag,
        Package::Carton => liquids::carton_with_glass,
        Package::Bottle => liquids::single_bottle,
        Package::SixBottles => liquids::six_bottles,
        Package::FoamBottle => liquids::bottle_with_cup,
        Package::CrispBags => snacks::crisp_bags,
        Package::PuffBag => snacks::puff_bag,
        Package::JerkyPouches => snacks::jerky,
        Package::GranolaBag => snacks::granola,
        Package::CrackerBox => snacks::crackers,
        Package::StarterBox => bundles::starter,
        Package::SavouryBox => bundles::savoury,
        Package::AthleteBox => bundles::athlete,
    };
    canvas.at((400.0, FLOOR), 1.0, 0.0, |canvas| {
        draw_package(canvas, flavour, &colours);
    });
    canvas.finish()
}

/// A wall with a light disc, and a floor.
fn backdrop(canvas: &mut Canvas, colours: &Colours) {
    canvas.block((0.0, 0.0), (800.0, 800.0), 0.0, colours.backdrop);
    canvas.circle(400.0, 380.0, 330.0, colours.backdrop.lighter(0.42));
    canvas.block(
        (0.0, 620.0),
        (800.0, 180.0),
        0.0,
        colours.backdrop.darker(0.07),
    );
    canvas.circle(96.0, 128.0, 16.0, WHITE.faint(0.55));
    canvas.circle(706.0, 92.0, 24.0, WHITE.faint(0.55));
    canvas.circle(734.0, 520.0, 11.0, WHITE.faint(0.55));
    canvas.circle(60.0, 470.0, 9.0, WHITE.faint(0.55));
}

/// The shadow of something that stands on the floor, `half` to each side.
pub(crate) fn shadow(canvas: &mut Canvas, x: f32, half: f32, colours: &Colours) {
    canvas.ellipse((x, -2.0), (half, 20.0), colours.backdrop.darker(0.2));
}

/// A motif that lies on the floor, with a shadow.
pub(crate) fn beside(
    canvas: &mut Canvas,
    (x, y): (f32, f32),
    (scale, angle): (f32, f32),
    flavour: Flavour,
) {
    canvas.ellipse(
        (x, y + 84.0 * scale),
        (95.0 * scale, 22.0 * scale),
        BLACK.faint(0.15),
    );
    canvas.at((x, y), scale, angle, |canvas| flavour.motif(canvas));
}
