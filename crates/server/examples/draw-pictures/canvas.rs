//! A canvas of 800 × 800 units, which fills and strokes flat shapes.

use std::error::Error;
use std::f32::consts::TAU;

use tiny_skia::{FillRule, LineCap, LineJoin, Path, PathBuilder, Pixmap, Rect, Stroke, Transform};

use crate::colour::Colour;

pub(crate) const SIDE: u16 = 800;

#[derive(Debug)]
pub(crate) struct Canvas {
    pixmap: Pixmap,
    /// Where the origin of the shapes is, how large they are, and how they are turned.
    place: Transform,
    /// The first shape that could not be drawn.
    mistake: Option<String>,
}

impl Canvas {
    pub(crate) fn new() -> Result<Self, Box<dyn Error>> {
        let pixmap = Pixmap::new(SIDE.into(), SIDE.into()).ok_or("no memory for a picture")?;
        Ok(Self {
            pixmap,
            place: Transform::identity(),
            mistake: None,
        })
    }

    /// The finished picture.
    ///
    /// # Errors
    /// When a shape could not be drawn.
    pub(crate) fn finish(self) -> Result<Pixmap, Box<dyn Error>> {
        match self.mistake {
            Some(mistake) => Err(format!("this shape can't be drawn: {mistake}").into()),
            None => Ok(self.pixmap),
        }
    }

    /// Draws something with its origin at a point, scaled, and turned by an angle in degrees.
    pub(crate) fn at(
        &mut self,
        (x, y): (f32, f32),
        scale: f32,
        angle: f32,
        draw: impl FnOnce(&mut Self),
    ) {
        let before = self.place;
        self.place = before
            .pre_translate(x, y)
            .pre_rotate(angle)
            .pre_scale(scale, scale);
        draw(self);
        self.place = before;
    }

    /// Draws something several times around the origin. It gets the number of its turn.
    pub(crate) fn around(&mut self, times: u8, mut draw: impl FnMut(&mut Self, u8)) {
        for turn in 0..times {
            let angle = 360.0 * f32::from(turn) / f32::from(times);
            self.at((0.0, 0.0), 1.0, angle, |canvas| draw(canvas, turn));
        }
    }

    pub(crate) fn circle(&mut self, x: f32, y: f32, radius: f32, colour: Colour) {
        self.ellipse((x, y), (radius, radius), colour);
    }

    pub(crate) fn ellipse(&mut self, (x, y): (f32, f32), (wide, high): (f32, f32), colour: Colour) {
        let oval = Rect::from_xywh(x - wide, y - high, 2.0 * wide, 2.0 * high);
        let path = oval.and_then(PathBuilder::from_oval);
        self.fill(path, colour, || format!("ellipse at {x} {y}"));
    }

    /// A rectangle with round corners, from its left upper corner.
    pub(crate) fn block(
        &mut self,
        (x, y): (f32, f32),
        (width, height): (f32, f32),
        radius: f32,
        colour: Colour,
    ) {
        let (right, bottom) = (x + width, y + height);
        let mut path = PathBuilder::new();
        path.move_to(x + radius, y);
        path.line_to(right - radius, y);
        path.quad_to(right, y, right, y + radius);
        path.line_to(right, bottom - radius);
        path.quad_to(right, bottom, right - radius, bottom);
        path.line_to(x + radius, bottom);
        path.quad_to(x, bottom, x, bottom - radius);
        path.line_to(x, y + radius);
        path.quad_to(x, y, x + radius, y);
        path.close();
        self.fill(path.finish(), colour, || format!("block at {x} {y}"));
    }

    /// Fills a path in the notation of SVG: `M`, `L`, `Q`, `C` and `Z`, each with its own letter.
    pub(crate) fn shape(&mut self, path: &str, colour: Colour) {
        self.fill(parse(path), colour, || path.to_owned());
    }

    /// Strokes a path in the notation of SVG, with round ends.
    pub(crate) fn line(&mut self, path: &str, width: f32, colour: Colour) {
        let stroke = Stroke {
            width,
            line_cap: LineCap::Round,
            line_join: LineJoin::Round,
            ..Stroke::default()
        };
        match parse(path) {
            Some(parsed) => {
                let paint = colour.paint();
                self.pixmap
                    .stroke_path(&parsed, &paint, &stroke, self.place, None);
            }
            None => self.note(path.to_owned()),
        }
    }

    /// Fills a jagged band from left to right, such as the seal of a bag. It is `height` high, with teeth below or, for
    /// a negative height, above.
    pub(crate) fn seal(&mut self, (x, y): (f32, f32), width: f32, height: f32, colour: Colour) {
        let teeth = (width / 14.0).round().max(1.0);
        let step = width / teeth;
        let mut path = PathBuilder::new();
        path.move_to(x, y);
        path.line_to(x, y + height);
        let mut left = x;
        while left + 0.5 * step < x + width {
            path.line_to(left + 0.5 * step, y + height + 8.0_f32.copysign(height));
            path.line_to(left + step, y + height);
            left += step;
        }
        path.line_to(x + width, y);
        path.close();
        self.fill(path.finish(), colour, || format!("seal at {x} {y}"));
    }

    /// Draws something at points that look scattered over an ellipse around the origin, always the same ones.
    pub(crate) fn scattered(
        &mut self,
        count: u8,
        (wide, high): (f32, f32),
        mut draw: impl FnMut(&mut Self, u8),
    ) {
        for turn in 0..count {
            let share = (f32::from(turn) + 0.5) / f32::from(count);
            // The golden angle spreads the points evenly.
            let angle = 0.381_966 * TAU * f32::from(turn);
            let point = (
                wide * share.sqrt() * angle.cos(),
                high * share.sqrt() * angle.sin(),
            );
            self.at(point, 1.0, f32::from(turn) * 77.0, |canvas| {
                draw(canvas, turn);
            });
        }
    }

    fn fill(&mut self, path: Option<Path>, colour: Colour, name: impl FnOnce() -> String) {
        match path {
            Some(path) => {
                let paint = colour.paint();
                self.pixmap
                    .fill_path(&path, &paint, FillRule::Winding, self.place, None);
            }
            None => self.note(name()),
        }
    }

    fn note(&mut self, mistake: String) {
        self.mistake.get_or_insert(mistake);
    }
}

/// Reads a path, or gives nothing when it has a mistake.
fn parse(text: &str) -> Option<Path> {
    let mut words = text.split_ascii_whitespace();
    let mut path = PathBuilder::new();
    while let Some(command) = words.next() {
        let mut number = || words.next()?.parse::<f32>().ok();
        match command {
            "M" => path.move_to(number()?, number()?),
            "L" => path.line_to(number()?, number()?),
            "Q" => path.quad_to(number()?, number()?, number()?, number()?),
            "C" => path.cubic_to(
                number()?,
                number()?,
                number()?,
                number()?,
                number()?,
                number()?,
            ),
            "Z" => path.close(),
            _ => return None,
        }
    }
    path.finish()
}
