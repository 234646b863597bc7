//! Contract tests that every store must pass. Run them with [`store_contract!`](crate::store_contract).
#![expect(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    missing_docs,
    reason = "these are tests, named for what they show"
)]

mod bulk;
mod categories;
mod codes;
mod facets;
mod facts;
mod food;
mod idempotency;
mod images;
mod imports;
mod keys;
mod lists;
mod reviews;
mod schedule;
mod search;
mod stock;
mod synonyms;
mod webhooks;
mod writes;

use std::fmt;
use std::sync::Arc;

use garde::{Unvalidated, Valid, Validate};

use crate::Slug;
use crate::categories::{Category, CategoryRepository, NewCategory};
use crate::idempotency::IdempotencyRepository;
use crate::images::ImageRepository;
use crate::imports::ImportRepository;
use crate::keys::KeyRepository;
use crate::products::{
    Facet, FacetSet, NewProduct, PageSize, Product, ProductFilter, ProductIndex, ProductQuery,
    ProductRepository, ProductSearch, ProductService, ProductSort, SearchPage, Start,
};
use crate::reviews::ReviewRepository;
use crate::stock::StockRepository;
use crate::synonyms::SynonymRepository;
use crate::webhooks::{DeliveryQueue, WebhookRepository};

pub use self::bulk::*;
pub use self::categories::*;
pub use self::codes::*;
pub use self::facets::*;
pub use self::facts::*;
pub use self::food::*;
pub use self::idempotency::*;
pub use self::images::*;
pub use self::imports::*;
pub use self::keys::*;
pub use self::lists::*;
pub use self::reviews::*;
pub use self::schedule::*;
pub use self::search::*;
pub use self::stock::*;
pub use self::synonyms::*;
pub use self::webhooks::*;
pub use self::writes::*;

/// The stores of an empty shop.
#[derive(Clone)]
pub struct Stores {
    /// The products.
    pub products: Arc<dyn ProductRepository>,
    /// The index of the products.
    pub index: Arc<dyn ProductIndex>,
    /// The categories.
    pub categories: Arc<dyn CategoryRepository>,
    /// The records of images.
    pub images: Arc<dyn ImageRepository>,
    /// The reviews.
    pub reviews: Arc<dyn ReviewRepository>,
    /// The API keys.
    pub keys: Arc<dyn KeyRepository>,
    /// The synonyms.
    pub synonyms: Arc<dyn SynonymRepository>,
    /// The stock.
    pub stock: Arc<dyn StockRepository>,
    /// The idempotency keys.
    pub idempotency: Arc<dyn IdempotencyRepository>,
    /// The imports.
    pub imports: Arc<dyn ImportRepository>,
    /// The webhooks.
    pub webhooks: Arc<dyn WebhookRepository>,
    /// The queue of their deliveries.
    pub deliveries: Arc<dyn DeliveryQueue>,
}

impl fmt::Debug for Stores {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stores").finish_non_exhaustive()
    }
}

/// Creates a test for each case of the contract. The argument is a function that takes the case, an
/// `AsyncFnOnce(Stores)`, and calls it with the stores of an empty shop.
#[macro_export]
macro_rules! store_contract {
    ($run:path) => {
        $crate::store_contract! { $run:
            a_created_product_is_found
            a_slug_is_taken_once
            unknown_categories_are_named
            a_change_changes_only_what_it_names
            a_write_needs_the_expected_revision
            a_removed_product_never_comes_back
            every_sort_pages_without_repeats
            names_sort_as_people_expect
            cursors_survive_inserts
            offsets_skip
            every_search_is_scrolled_through_once
            search_cursors_are_of_their_sort
            every_list_of_reviews_is_scrolled_through_once
            many_reviews_are_decided_at_once
            lists_have_a_least_rating
            filters_narrow
            contained_text_is_taken_literally
            inactive_products_are_a_status_away
            categories_are_made_and_replaced
            products_follow_their_categories
            products_have_inactive_categories_too
            a_category_is_removed_without_its_products
            each_change_of_categories_is_one_version
            a_write_of_a_category_needs_the_expected_revision
            what_is_so_already_is_no_change
            a_product_is_found_by_its_former_slugs
            search_finds_words
            search_takes_any_text
            suggestions_are_of_active_products
            facets_count_under_the_same_filters
            facets_leave_their_own_filter_out
            facets_of_a_search_count_all_hits
            kept_images_are_shown
            images_that_are_not_kept_are_due
            what_is_taken_back_can_not_be_kept
            what_is_shown_again_is_wanted_again
            a_missing_image_is_looked_for_often
            a_product_has_room_for_so_many_images
            a_discarded_image_is_shown_nowhere
            a_removed_product_takes_its_images_along
            unused_images_are_found
            due_images_are_claimed_once
            restored_images_do_not_raise_the_number_of_claims
            a_product_says_what_is_known_of_its_images
            what_is_taken_out_is_due_in_a_day
            what_reviews_show_is_used
            a_review_waits_until_it_is_verified
            a_rating_is_that_of_verified_reviews
            reviews_are_filtered_sorted_and_paged
            only_active_products_are_reviewed
            the_same_is_said_once_a_day
            a_key_is_known_by_its_digest_until_it_is_revoked
            rotated_keys_keep_the_original_id
            a_rotated_key_holds_on_for_the_overlap
            synonyms_are_replaced_together
            a_completed_request_is_found_by_its_key
            a_key_has_one_record
            an_incomplete_request_has_no_effect
            tasks_wait_for_the_commit
            every_change_of_stock_is_a_movement
            what_was_counted_is_recorded_for_every_reason
            stock_that_is_not_there_is_not_moved
            an_order_takes_all_or_nothing
            a_reservation_ends_once
            products_are_switched_once_when_their_time_has_come
            facts_are_kept_as_given
            food_facts_filter
            food_facts_sort_and_products_without_them_come_last
            diets_and_allergens_are_counted
            a_code_puts_its_product_first
            a_code_finds_an_inactive_product_by_status
            lists_sort_by_title_and_texts_find_it
            a_replacement_without_facts_empties_them
            nested_changes_leave_the_other_members
            changes_must_fit_what_a_product_has
            skus_and_gtins_are_unique
            variants_of_a_group_differ_in_the_same_options
            a_product_is_published_before_it_is_unpublished
            products_with_low_stock_are_found
            operations_are_made_together_or_not_at_all
            operations_stand_for_themselves
            products_are_found_by_their_codes
            products_found_by_codes_have_all_categories
            a_file_is_received_in_chunks
            imports_are_listed_newest_first
            an_import_has_one_end
            an_import_is_claimed_by_one_at_a_time
            imports_run_in_the_order_in_which_their_files_arrive
            files_are_deleted_in_small_steps
            attempts_without_progress_are_counted
            an_import_goes_on_after_a_lost_lease
            a_batch_is_made_once
            a_cancelled_import_writes_nothing_more
            rows_are_written_with_the_origin_of_their_import
            refused_rows_are_kept_in_order
            a_batch_stops_before_a_changed_product
            a_batch_stops_before_a_product_that_it_created
            a_dry_run_writes_nothing
            a_dry_run_keeps_few_differences
            a_webhook_is_made_changed_and_deleted
            a_former_secret_signs_along
            a_deleted_webhook_is_sent_nothing
            an_event_is_sent_to_those_who_want_it
            a_step_is_made_once
            an_inactive_webhook_receives_nothing
            an_inactive_webhook_keeps_what_is_being_sent
            events_of_a_resource_are_sent_in_order
            an_address_keeps_its_order_whoever_has_it
            a_resource_keeps_its_order_at_a_new_address
            a_webhook_has_so_many_open_requests
            claims_are_fair
            a_lease_that_ran_out_is_claimed_again
            what_was_not_sent_is_given_back
            a_failed_attempt_is_made_again
            an_event_that_is_given_up_lets_the_next_go_on
            a_webhook_without_any_success_is_switched_off
            a_webhook_is_disabled_with_a_reason
            a_shop_has_few_webhooks
            a_delivery_is_retried_by_hand
            a_retried_event_comes_first
            a_retry_hastens_what_it_waits_for
            deliveries_are_listed_newest_first
        }
    };
    ($run:path: $($case:ident)*) => {
        $(
            #[test]
            fn $case() {
                $run($crate::testing::contract::$case)
            }
        )*
    };
}

fn valid<T: Validate<Context = ()>>(value: T) -> Valid<T> {
    Unvalidated::new(value).validate().unwrap()
}

fn slug(text: &str) -> Slug {
    text.parse().unwrap()
}

fn named(name: &str) -> NewProduct {
    NewProduct {
        name: name.into(),
        ..NewProduct::example()
    }
}

fn query() -> ProductQuery {
    ProductQuery {
        filter: ProductFilter::default(),
        sort: ProductSort::default(),
        start: Start::Offset(0),
        facets: FacetSet::default(),
        limit: PageSize::try_from(100).unwrap(),
    }
}

impl Stores {
    fn service(&self) -> ProductService {
        ProductService::new(self.products.clone(), self.index.clone())
    }

    async fn create(&self, product: NewProduct) -> Product {
        let slug = product.slug().unwrap();
        self.products.create(slug, valid(product)).await.unwrap()
    }

    async fn create_category(&self, name: &str) -> Category {
        let category = NewCategory {
            name: name.into(),
            slug: None,
            description: None,
            is_active: true,
        };
        self.categories
            .create(category.slug().unwrap(), valid(category))
            .await
            .unwrap()
    }

    async fn find(&self, product: &Product) -> Product {
        self.products.find(&product.slug).await.unwrap().unwrap()
    }

    async fn names(&self, query: ProductQuery) -> Vec<String> {
        self.service()
            .list(&query)
            .await
            .unwrap()
            .items
            .into_iter()
            .map(|product| product.name)
            .collect()
    }

    async fn filtered(&self, filter: ProductFilter) -> Vec<String> {
        self.names(ProductQuery { filter, ..query() }).await
    }

    async fn search(&self, text: &str) -> SearchPage {
        let search = ProductSearch {
            text: text.parse().unwrap(),
            filter: ProductFilter::default(),
            sort: None,
            start: Start::default(),
            limit: PageSize::default(),
            facets: Facet::ALL.into_iter().collect(),
        };
        self.service().search(&search).await.unwrap()
    }
}
