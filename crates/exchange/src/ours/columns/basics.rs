//! The fields of their own, and the texts for search engines.

use eggypro_domain::nfc;
use eggypro_domain::products::Nested;

use super::read::{nullable, nullable_text, price, required, required_text, texts, write};
use super::{Column, Section};
use crate::cells;
use crate::record::quoted;

/// A column to complete.
pub(super) const FIELD: Column = Column {
    name: "",
    section: Section::Field,
    has_decimals: false,
    read: |_, _, _| Ok(()),
    write: |_, _| {},
};

pub(super) static KEYS_AND_TEXTS: [Column; 8] = [
    Column {
        name: "sku",
        read: |draft, cell, _| {
            draft.record.changes.sku = Some(nullable(cell, cells::sku)?);
            Ok(())
        },
        write: |product, cell| {
            product
                .sku
                .iter()
                .for_each(|sku| cells::write_sku(sku, cell));
        },
        ..FIELD
    },
    Column {
        name: "gtin",
        read: |draft, cell, _| {
            draft.record.changes.gtin = Some(nullable(cell, cells::gtin)?);
            Ok(())
        },
        write: |product, cell| write(product.gtin.as_ref(), cell),
        ..FIELD
    },
    Column {
        name: "slug",
        read: |draft, cell, _| {
            draft.record.changes.slug = nullable(cell, cells::slug)?;
            Ok(())
        },
        write: |product, cell| cell.push_str(product.slug.as_str()),
        ..FIELD
    },
    Column {
        name: "name",
        read: |draft, cell, _| {
            draft.record.changes.name = required_text("Name", cell)?;
            Ok(())
        },
        write: |product, cell| cell.push_str(&product.name),
        ..FIELD
    },
    Column {
        name: "title",
        read: |draft, cell, _| {
            draft.record.changes.title = Some(nullable_text(cell));
            Ok(())
        },
        write: |product, cell| write(product.title.as_ref(), cell),
        ..FIELD
    },
    Column {
        name: "description",
        read: |draft, cell, _| {
            draft.record.changes.description = required_text("Description", cell)?;
            Ok(())
        },
        write: |product, cell| cell.push_str(&product.description),
        ..FIELD
    },
    Column {
        name: "details",
        read: |draft, cell, _| {
            draft.record.changes.details = required_text("Details", cell)?;
            Ok(())
        },
        write: |product, cell| cell.push_str(&product.details),
        ..FIELD
    },
    Column {
        name: "brand",
        read: |draft, cell, _| {
            draft.record.changes.brand = Some(nullable_text(cell));
            Ok(())
        },
        write: |product, cell| write(product.brand.as_ref(), cell),
        ..FIELD
    },
];

pub(super) static NUMBERS: [Column; 7] = [
    Column {
        name: "price",
        has_decimals: true,
        read: |draft, cell, numbers| {
            required("Price", cell)?;
            draft.record.changes.price = Some(price("Price", cell, numbers)?);
            Ok(())
        },
        write: |product, cell| write(Some(product.price), cell),
        ..FIELD
    },
    Column {
        name: "list_price",
        has_decimals: true,
        read: |draft, cell, numbers| {
            let list_price = nullable(cell, |cell| price("List price", cell, numbers))?;
            draft.record.changes.list_price = Some(list_price);
            Ok(())
        },
        write: |product, cell| write(product.list_price, cell),
        ..FIELD
    },
    // Without a number, the stock stays as it is.
    Column {
        name: "stock_quantity",
        read: |draft, cell, numbers| {
            draft.record.changes.stock_quantity =
                nullable(cell, |cell| cells::whole(cell, numbers))?;
            Ok(())
        },
        write: |product, cell| write(Some(product.stock_quantity), cell),
        ..FIELD
    },
    Column {
        name: "low_stock_at",
        read: |draft, cell, numbers| {
            draft.record.changes.low_stock_at =
                Some(nullable(cell, |cell| cells::whole(cell, numbers))?);
            Ok(())
        },
        write: |product, cell| write(product.low_stock_at, cell),
        ..FIELD
    },
    Column {
        name: "is_active",
        read: |draft, cell, _| {
            draft.record.changes.is_active = nullable(cell, cells::flag)?;
            Ok(())
        },
        write: |product, cell| write(Some(product.is_active), cell),
        ..FIELD
    },
    Column {
        name: "publish_at",
        read: |draft, cell, _| {
            draft.record.changes.publish_at = Some(nullable(cell, cells::time)?);
            Ok(())
        },
        write: |product, cell| {
            product
                .publish_at
                .into_iter()
                .for_each(|time| cells::write_time(time, cell));
        },
        ..FIELD
    },
    Column {
        name: "unpublish_at",
        read: |draft, cell, _| {
            draft.record.changes.unpublish_at = Some(nullable(cell, cells::time)?);
            Ok(())
        },
        write: |product, cell| {
            product
                .unpublish_at
                .into_iter()
                .for_each(|time| cells::write_time(time, cell));
        },
        ..FIELD
    },
];

pub(super) static LISTS: [Column; 5] = [
    Column {
        name: "categories",
        read: |draft, cell, _| {
            let slugs = cells::list(cell).into_iter().map(|text| {
                let slug = cells::slug(&text);
                slug.map_err(|_| {
                    let text = quoted(&text);
                    format!("Unknown category: {text}. Write the slugs of categories")
                })
            });
            draft.record.changes.categories = Some(slugs.collect::<Result<_, _>>()?);
            Ok(())
        },
        write: |product, cell| {
            let slugs = product
                .categories
                .iter()
                .map(|category| category.slug.as_str());
            cell.push_str(&cells::join(slugs));
        },
        ..FIELD
    },
    Column {
        name: "ingredients",
        read: |draft, cell, _| {
            required("Ingredients", cell)?;
            draft.record.changes.ingredients = Some(texts(cell));
            Ok(())
        },
        write: |product, cell| {
            cell.push_str(&cells::join(product.ingredients.iter().map(String::as_str)));
        },
        ..FIELD
    },
    Column {
        name: "images",
        read: |draft, cell, _| {
            draft.record.changes.images = Some(texts(cell));
            Ok(())
        },
        write: |product, cell| {
            cell.push_str(&cells::join(product.images.iter().map(String::as_str)));
        },
        ..FIELD
    },
    // By the order of the images.
    Column {
        name: "alt_texts",
        read: |draft, cell, _| {
            let mut entries = cells::entries(cell);
            // The images after the last text need no entry.
            while entries.last().is_some_and(String::is_empty) {
                entries.pop();
            }
            let texts = entries.iter().map(|entry| {
                let text = nfc(entry).into_owned();
                Some(text).filter(|text| !text.is_empty())
            });
            draft.record.changes.alt_texts = Some(texts.collect());
            Ok(())
        },
        write: |product, cell| {
            let texts = product.images.iter().map(|url| product.alt_texts.get(url));
            let mut texts: Vec<&str> = texts.map(|text| text.map_or("", String::as_str)).collect();
            while texts.last().is_some_and(|text| text.is_empty()) {
                texts.pop();
            }
            cell.push_str(&cells::join(texts));
        },
        ..FIELD
    },
    Column {
        name: "group",
        read: |draft, cell, _| {
            draft.record.changes.group = Some(nullable(cell, cells::slug)?);
            Ok(())
        },
        write: |product, cell| write(product.group.as_ref(), cell),
        ..FIELD
    },
];

/// What one unit contains.
pub(super) static CONTENT: [Column; 1] = [Column {
    name: "net_content",
    read: |draft, cell, numbers| {
        let content = nullable(cell, |cell| cells::content(cell, numbers))?;
        draft.record.changes.net_content = Some(content.map(Nested::Set));
        Ok(())
    },
    write: |product, cell| {
        product
            .net_content
            .into_iter()
            .for_each(|content| cells::write_content(content, cell));
    },
    ..FIELD
}];

pub(super) static SEO: [Column; 2] = [
    Column {
        name: "seo_title",
        section: Section::Seo,
        read: |draft, cell, _| {
            draft.seo.title = Some(nullable_text(cell));
            Ok(())
        },
        write: |product, cell| write(product.seo.title.as_ref(), cell),
        ..FIELD
    },
    Column {
        name: "seo_description",
        section: Section::Seo,
        read: |draft, cell, _| {
            draft.seo.description = Some(nullable_text(cell));
            Ok(())
        },
        write: |product, cell| write(product.seo.description.as_ref(), cell),
        ..FIELD
    },
];
