// @generated automatically by Diesel CLI.

pub mod sql_types {
    #[derive(diesel::query_builder::QueryId, Clone, Debug, diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "pg_snapshot", schema = "pg_catalog"))]
    pub struct PgSnapshot;

    #[derive(diesel::query_builder::QueryId, Clone, Debug, diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "xid8", schema = "pg_catalog"))]
    pub struct Xid8;
}

diesel::table! {
    api_keys (id) {
        #[max_length = 12]
        id -> Varchar,
        #[max_length = 100]
        name -> Varchar,
        digest -> Bytea,
        permissions -> Array<Nullable<Text>>,
        created_at -> Timestamptz,
        created_by -> Nullable<Text>,
        expires_at -> Nullable<Timestamptz>,
        last_used_at -> Nullable<Timestamptz>,
        revoked_at -> Nullable<Timestamptz>,
        #[max_length = 12]
        original_id -> Nullable<Varchar>,
    }
}

diesel::table! {
    api_metrics_batches (id) {
        id -> Uuid,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    api_metrics_hourly (hour, endpoint, method, bucket) {
        hour -> Timestamptz,
        #[max_length = 255]
        endpoint -> Varchar,
        #[max_length = 10]
        method -> Varchar,
        bucket -> Int2,
        requests -> Int8,
        errors -> Int8,
        response_time -> Int8,
    }
}

diesel::table! {
    api_metrics_packed (id) {
        id -> Int8,
        #[max_length = 255]
        endpoint -> Varchar,
        #[max_length = 10]
        method -> Varchar,
        status_code -> Int4,
        user_agent -> Nullable<Text>,
        requests -> Int4,
        last_at -> Timestamptz,
        created_at -> Array<Nullable<Timestamptz>>,
        response_times -> Array<Nullable<Int4>>,
        ip_addresses -> Array<Nullable<Inet>>,
    }
}

diesel::table! {
    categories (id) {
        id -> Int4,
        #[max_length = 100]
        name -> Varchar,
        #[max_length = 100]
        slug -> Varchar,
        description -> Nullable<Text>,
        is_active -> Bool,
        created_at -> Timestamptz,
        version -> Int4,
        display_version -> Int4,
        display_updated_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::Xid8;

    change_log (identity) {
        identity -> Text,
        forgotten_transaction -> Xid8,
        forgotten_id -> Int8,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::Xid8;

    changes (id) {
        id -> Int8,
        transaction_id -> Xid8,
        at -> Timestamptz,
        resource -> Text,
        resource_id -> Text,
        slug -> Nullable<Text>,
        action -> Text,
        diff -> Jsonb,
        tags -> Array<Nullable<Text>>,
        marks -> Array<Nullable<Text>>,
        actor_kind -> Text,
        actor_id -> Nullable<Text>,
        actor_name -> Nullable<Text>,
        request_id -> Nullable<Text>,
        reason -> Nullable<Text>,
    }
}

diesel::table! {
    ended_sessions (id) {
        id -> Uuid,
        forgotten_at -> Timestamptz,
    }
}

diesel::table! {
    former_slugs (slug) {
        #[max_length = 255]
        slug -> Varchar,
        product_id -> Int4,
    }
}

diesel::table! {
    idempotency_keys (digest) {
        digest -> Bytea,
        fingerprint -> Bytea,
        status -> Int2,
        headers -> Array<Nullable<Text>>,
        body -> Bytea,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    images (id) {
        id -> Int4,
        #[max_length = 255]
        public_id -> Varchar,
        url -> Text,
        #[max_length = 16]
        format -> Varchar,
        width -> Int4,
        height -> Int4,
        bytes -> Int4,
        product_id -> Nullable<Int4>,
        removal_requested_at -> Nullable<Timestamptz>,
        removal_attempts -> Int4,
        created_at -> Timestamptz,
        renditions -> Nullable<Jsonb>,
    }
}

diesel::table! {
    import_chunks (import_id, number) {
        import_id -> Uuid,
        number -> Int4,
        bytes -> Bytea,
    }
}

diesel::table! {
    import_differences (import_id, position) {
        import_id -> Uuid,
        position -> Int8,
        row_number -> Int8,
        slug -> Text,
        action -> Text,
        changes -> Jsonb,
    }
}

diesel::table! {
    import_errors (import_id, position) {
        import_id -> Uuid,
        position -> Int8,
        row_number -> Int8,
        cells -> Jsonb,
        errors -> Jsonb,
    }
}

diesel::table! {
    imports (id) {
        id -> Uuid,
        format -> Text,
        mode -> Text,
        is_dry_run -> Bool,
        status -> Text,
        header -> Array<Nullable<Text>>,
        chunks -> Int4,
        rows -> Nullable<Int8>,
        done -> Int8,
        created -> Int8,
        updated -> Int8,
        unchanged -> Int8,
        failed -> Int8,
        failure -> Nullable<Text>,
        lease -> Nullable<Uuid>,
        leased_until -> Nullable<Timestamptz>,
        attempts -> Int4,
        actor_kind -> Text,
        actor_id -> Nullable<Text>,
        actor_name -> Nullable<Text>,
        request_id -> Nullable<Text>,
        created_at -> Timestamptz,
        queued_at -> Nullable<Timestamptz>,
        finished_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    product_categories (product_id, category_id) {
        product_id -> Int4,
        category_id -> Int4,
    }
}

diesel::table! {
    products (id) {
        id -> Int4,
        #[max_length = 255]
        name -> Varchar,
        #[max_length = 255]
        slug -> Varchar,
        description -> Text,
        details -> Text,
        price -> Numeric,
        images -> Array<Nullable<Text>>,
        ingredients -> Array<Nullable<Text>>,
        stock_quantity -> Int4,
        is_active -> Bool,
        version -> Int4,
        rating_counts -> Array<Nullable<Int4>>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        media -> Nullable<Jsonb>,
        publish_at -> Nullable<Timestamptz>,
        unpublish_at -> Nullable<Timestamptz>,
        low_stock_at -> Nullable<Int4>,
        title -> Nullable<Text>,
        sku -> Nullable<Text>,
        gtin -> Nullable<Text>,
        brand -> Nullable<Text>,
        list_price -> Nullable<Numeric>,
        net_content_value -> Nullable<Numeric>,
        net_content_unit -> Nullable<Text>,
        food -> Nullable<Jsonb>,
        variant_group -> Nullable<Text>,
        options -> Jsonb,
        alt_texts -> Jsonb,
        seo_title -> Nullable<Text>,
        seo_description -> Nullable<Text>,
    }
}

diesel::table! {
    reservations (id) {
        id -> Uuid,
        reference -> Text,
        status -> Text,
        expires_at -> Timestamptz,
        created_at -> Timestamptz,
        ended_at -> Nullable<Timestamptz>,
        product_ids -> Array<Nullable<Int4>>,
        slugs -> Array<Nullable<Text>>,
        quantities -> Array<Nullable<Int4>>,
    }
}

diesel::table! {
    reviews (id) {
        id -> Int4,
        product_id -> Int4,
        #[max_length = 255]
        reviewer_name -> Varchar,
        #[max_length = 255]
        reviewer_image_url -> Nullable<Varchar>,
        rating -> Int4,
        comment -> Text,
        #[max_length = 255]
        image_url -> Nullable<Varchar>,
        #[max_length = 255]
        video_url -> Nullable<Varchar>,
        is_verified -> Bool,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    search_synonyms (id) {
        id -> Int4,
        groups -> Jsonb,
        version -> Int4,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    stock_movements (id) {
        id -> Int8,
        product_id -> Int4,
        change -> Int4,
        balance -> Int4,
        reason -> Text,
        reference -> Nullable<Text>,
        actor_kind -> Text,
        actor_id -> Nullable<Text>,
        actor_name -> Nullable<Text>,
        at -> Timestamptz,
    }
}

diesel::table! {
    webhook_deliveries (webhook_id, event) {
        webhook_id -> Uuid,
        event -> Int8,
        ordering_key -> Text,
        state -> Text,
        due_at -> Nullable<Timestamptz>,
        lease -> Nullable<Uuid>,
        attempts -> Int4,
        first_attempt_at -> Nullable<Timestamptz>,
        status -> Nullable<Int4>,
        milliseconds -> Nullable<Int8>,
        error -> Nullable<Text>,
        finished_at -> Nullable<Timestamptz>,
        resource -> Text,
        follows -> Nullable<Int8>,
    }
}

diesel::table! {
    webhook_events (number) {
        number -> Int8,
        id -> Text,
        #[sql_name = "type"]
        type_ -> Text,
        subject -> Text,
        body -> Bytea,
        changed_at -> Timestamptz,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    webhook_position (id) {
        id -> Int4,
        position -> Text,
        revision -> Int8,
        follower -> Nullable<Text>,
        followed_until -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    webhook_secrets (webhook_id, secret) {
        webhook_id -> Uuid,
        secret -> Text,
        created_at -> Timestamptz,
        expires_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::PgSnapshot;

    webhooks (id) {
        id -> Uuid,
        url -> Text,
        types -> Array<Nullable<Text>>,
        is_active -> Bool,
        disabled_reason -> Nullable<Text>,
        secret_created_at -> Timestamptz,
        active_since -> PgSnapshot,
        activated_at -> Timestamptz,
        last_success_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::joinable!(former_slugs -> products (product_id));
diesel::joinable!(images -> products (product_id));
diesel::joinable!(import_chunks -> imports (import_id));
diesel::joinable!(import_differences -> imports (import_id));
diesel::joinable!(import_errors -> imports (import_id));
diesel::joinable!(product_categories -> categories (category_id));
diesel::joinable!(product_categories -> products (product_id));
diesel::joinable!(reviews -> products (product_id));
diesel::joinable!(webhook_deliveries -> webhooks (webhook_id));
diesel::joinable!(webhook_secrets -> webhooks (webhook_id));

diesel::allow_tables_to_appear_in_same_query!(
    api_keys,
    api_metrics_batches,
    api_metrics_hourly,
    api_metrics_packed,
    categories,
    change_log,
    changes,
    ended_sessions,
    former_slugs,
    idempotency_keys,
    images,
    import_chunks,
    import_differences,
    import_errors,
    imports,
    product_categories,
    products,
    reservations,
    reviews,
    search_synonyms,
    stock_movements,
    webhook_deliveries,
    webhook_events,
    webhook_position,
    webhook_secrets,
    webhooks,
);
