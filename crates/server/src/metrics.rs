//! The request log, and metrics for Prometheus.

mod disk;
mod figures;
mod page;
mod recorder;
mod writer;

pub(crate) use self::figures::{Figures, Sources};
pub(crate) use self::page::serve;
pub(crate) use self::recorder::Recorder;
pub(crate) use self::writer::Writer;
