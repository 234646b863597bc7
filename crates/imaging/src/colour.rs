//! Converts colours of other colour spaces, such as a phone's Display P3, to sRGB.

use image::{DynamicImage, RgbImage, RgbaImage};
use moxcms::{
    CicpColorPrimaries, CicpProfile, ColorProfile, DataColorSpace, Layout, MatrixCoefficients,
    TransferCharacteristics, TransformOptions,
};

/// The colour profile of a picture.
pub(crate) struct Profile(ColorProfile);

impl Profile {
    /// From an ICC profile; `None` if it can't be parsed, or is for neither RGB nor grey.
    pub(crate) fn of_icc(icc: &[u8]) -> Option<Self> {
        let profile = ColorProfile::new_from_slice(icc).ok()?;
        let is_supported = matches!(
            profile.color_space,
            DataColorSpace::Rgb | DataColorSpace::Gray
        );
        is_supported.then_some(Self(profile))
    }

    /// From code points of ITU-T H.273. In a PNG they always describe RGB.
    pub(crate) fn of_code_points([primaries, transfer, matrix, range]: [u8; 4]) -> Option<Self> {
        let code_points = CicpProfile {
            color_primaries: CicpColorPrimaries::try_from(primaries).ok()?,
            transfer_characteristics: TransferCharacteristics::try_from(transfer).ok()?,
            matrix_coefficients: MatrixCoefficients::try_from(matrix).ok()?,
            full_range: range != 0,
        };
        Some(Self(ColorProfile::new_from_cicp(code_points)))
    }

    /// Whether the profile is for grey pictures.
    pub(crate) fn is_grey(&self) -> bool {
        self.0.color_space == DataColorSpace::Gray
    }

    /// Converts a picture to sRGB. Leaves the colours unchanged if the profile can't be used.
    pub(crate) fn to_srgb(&self, picture: DynamicImage) -> DynamicImage {
        self.converted(&picture).unwrap_or_else(|| {
            if picture.color().has_alpha() {
                picture.into_rgba8().into()
            } else {
                picture.into_rgb8().into()
            }
        })
    }

    fn converted(&self, picture: &DynamicImage) -> Option<DynamicImage> {
        let (from, to, channels) = match picture {
            DynamicImage::ImageLuma8(_) => (Layout::Gray, Layout::Rgb, 3),
            DynamicImage::ImageLumaA8(_) => (Layout::GrayAlpha, Layout::Rgba, 4),
            DynamicImage::ImageRgb8(_) => (Layout::Rgb, Layout::Rgb, 3),
            DynamicImage::ImageRgba8(_) => (Layout::Rgba, Layout::Rgba, 4),
            _ => return None,
        };
        let srgb = ColorProfile::new_srgb();
        let options = TransformOptions::default();
        let transform = self
            .0
            .create_transform_8bit(from, &srgb, to, options)
            .ok()?;
        let (width, height) = (picture.width(), picture.height());
        let mut pixels = vec![0; width as usize * height as usize * channels];
        transform.transform(picture.as_bytes(), &mut pixels).ok()?;
        if channels == 4 {
            RgbaImage::from_raw(width, height, pixels).map(Into::into)
        } else {
            RgbImage::from_raw(width, height, pixels).map(Into::into)
        }
    }
}
