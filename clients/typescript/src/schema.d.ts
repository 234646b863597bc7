// Generated from the OpenAPI document by `npm run generate`. Do not edit.

export interface paths {
    "/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Say what this is
         * @description A browser is sent to the page for people.
         */
        get: operations["greet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/admin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who the caller is
         * @description And what they may do.
         */
        get: operations["readCaller"];
        put?: never;
        /**
         * Begin or renew a session
         * @description By the admin secret or an API key a session begins; that of a key ends with it. By a session's token in the last third of its time the same session goes on, for
         *     at most twelve hours in all, so that a page need keep neither.
         */
        post: operations["beginSession"];
        /**
         * End a session
         * @description Its tokens hold no more, on no server.
         */
        delete: operations["endSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/categories": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List categories
         * @description By name: those that the public sees, or others by `status`.
         */
        get: operations["listCategories"];
        put?: never;
        /**
         * Create a category
         * @description A slug that is not given is made from the name.
         *
         *     Needs the permission `products:write`.
         */
        post: operations["createCategory"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/categories/{slug}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a category
         * @description Who has the permission products:read also reads inactive ones.
         */
        get: operations["readCategory"];
        /**
         * Replace a category
         * @description Every product that stands in it shows the change and gets a new version.
         *
         *     Needs the permission `products:write`.
         */
        put: operations["replaceCategory"];
        post?: never;
        /**
         * Delete a category
         * @description Its products stay, without it, and get a new version.
         *
         *     Needs the permission `products:write`.
         */
        delete: operations["deleteCategory"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List changes
         * @description The newest first: whoever made them and however, a hand at the database included. They are kept for
         *     `CHANGE_RETENTION_DAYS`.
         *
         *     Needs the permission `changes:read`.
         */
        get: operations["listChanges"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read events
         * @description The oldest first, for other systems. Who goes on from `next_cursor` is given each event once and misses none, whatever
         *     runs at the same time. An event shows its subject as it stands when it is read.
         *
         *     Needs the permission `changes:read`.
         */
        get: operations["listEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/feeds/report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what products lack for feeds
         * @description Every active product is checked by the rules of Google Merchant Center and OpenAI.
         *
         *     Needs the permission `products:read`.
         */
        get: operations["readFeedReport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How the shop is
         * @description With each service that it uses. Orchestrators ask `live` and `ready`.
         */
        get: operations["health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether the process runs
         * @description Touches nothing outside of it.
         */
        get: operations["live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether requests can be answered
         * @description They can if the database is available, the catalogue index is up to date, and the server is not about to stop.
         */
        get: operations["ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/images": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Upload images
         * @description All files are kept or none. No product shows them until their URLs are among its `images`.
         *
         *     Needs the permission `products:write`.
         */
        post: operations["uploadImages"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/images/{public_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete an image
         * @description It is taken out of every product that shows it. If the image store does not delete it now, that is tried again.
         *
         *     Needs the permission `products:delete`.
         */
        delete: operations["deleteImage"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/imports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List imports
         * @description The newest first, without their errors. They are kept for 30 days after their end.
         *
         *     Needs the permission `products:write`.
         */
        get: operations["listImports"];
        put?: never;
        /**
         * Import products
         * @description The body is a file of products, whatever its type, or a form with it: a table (CSV, also of Shopify and WooCommerce) or
         *     JSON lines. Its rows are read and written after the answer. A row is about the product with its SKU, else with its GTIN,
         *     else with its slug. A row that breaks a rule is refused, and the others are written. An interrupted upload has no effect.
         *
         *     Needs the permission `products:write`.
         */
        post: operations["importProducts"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/imports/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read an import
         * @description It is kept for 30 days after its end.
         *
         *     Needs the permission `products:write`.
         */
        get: operations["readImport"];
        put?: never;
        post?: never;
        /**
         * Cancel an import
         * @description Its other rows are not read. What was written stays.
         *
         *     Needs the permission `products:write`.
         */
        delete: operations["cancelImport"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/imports/{id}/errors.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the refused rows of an import
         * @description A table (CSV in UTF-8) of the rows that were refused so far: the columns of the file, with the cells as they came, and a
         *     column `error`. It can be corrected and imported; the column `error` is ignored then. Of JSON lines, it has the columns
         *     `line` and `error`. It is streamed. If it fails midway, the connection is closed before the end of the file.
         *
         *     Needs the permission `products:write`.
         */
        get: operations["readImportErrors"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List API keys
         * @description The newest first, those that have ended included. None shows its secret.
         *
         *     Needs the permission `keys:manage`.
         */
        get: operations["listKeys"];
        put?: never;
        /**
         * Make an API key
         * @description For a person or a program. The answer has the whole key, which is shown this once.
         *
         *     Needs the permission `keys:manage`.
         */
        post: operations["createKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke an API key
         * @description It is refused everywhere at once, and so are its sessions.
         *
         *     Needs the permission `keys:manage`.
         */
        delete: operations["revokeKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/keys/{id}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Rotate an API key
         * @description Makes another key with the same name, permissions and end; the old one ends after the overlap. Both are the same caller: a
         *     request that is repeated with the new key under its `Idempotency-Key` gets the first answer. If a key may have leaked, revoke
         *     it and create a new one: until it ends, its holder can repeat requests of the new key and read their answers. Nobody gives a
         *     permission that they lack.
         *
         *     Needs the permission `keys:manage`.
         */
        post: operations["rotateKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How requests went
         * @description Counted by the hour; the oldest hour counts as a whole.
         *
         *     Needs the permission `metrics:read`.
         */
        get: operations["readMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/products": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List products
         * @description Filtered, sorted, and page by page: by `offset`, or by the `next_cursor` of the page before, which neither repeats nor
         *     skips a product while others come and go.
         */
        get: operations["listProducts"];
        put?: never;
        /**
         * Create a product
         * @description A slug that is not given is made from the name.
         *
         *     Needs the permission `products:write`.
         */
        post: operations["createProduct"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/products/bulk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make several writes of products
         * @description `atomic` (the default): all or none; if any fails, `results` names every failure. Else each stands for itself. Each
         *     operation needs the permission of its single call.
         */
        post: operations["writeProducts"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/products/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export products
         * @description A file of all products that match, by id: a table (CSV in UTF-8), or one JSON object a line as the API takes products.
         *     It is streamed. If it fails midway, the connection is closed before the end of the file.
         *
         *     Needs the permission `products:read`.
         */
        get: operations["exportProducts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/products/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Search products
         * @description In names, ingredients, categories, descriptions and details. The last word may be a beginning, and where few products
         *     have the words as they were typed, those that may have been meant are found as well.
         */
        get: operations["searchProducts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/products/suggest": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Suggest products while somebody types
         * @description The best of them first; there may be none.
         */
        get: operations["suggestProducts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/products/{slug}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a product
         * @description Who has the permission products:read also reads inactive ones.
         */
        get: operations["readProduct"];
        /**
         * Replace every writable field of a product
         * @description A field that is not given goes back to its default.
         *
         *     Needs the permission `products:write`.
         */
        put: operations["replaceProduct"];
        post?: never;
        /**
         * Deactivate or remove a product
         * @description One that is inactive is hidden from the public and can be made active again.
         *
         *     Needs the permission `products:delete`.
         */
        delete: operations["deleteProduct"];
        options?: never;
        head?: never;
        /**
         * Change some fields of a product
         * @description A merge patch (RFC 7396): absent fields stay, and null takes a field that has a default back to it.
         *
         *     Needs the permission `products:write`.
         */
        patch: operations["patchProduct"];
        trace?: never;
    };
    "/api/products/{slug}/images": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Upload images of a product
         * @description All files are kept or none. The originals are appended to the product's `images`.
         *
         *     Needs the permission `products:write`.
         */
        post: operations["uploadProductImages"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/products/{slug}/jsonld": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a product as JSON-LD
         * @description In the vocabulary of schema.org, for a `script` element of the product's page. A product of a group is described
         *     together with its variants.
         */
        get: operations["readProductJsonld"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/products/{slug}/reviews": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List reviews of a product
         * @description Those that moderators have let through.
         */
        get: operations["listReviews"];
        put?: never;
        /**
         * Review a product
         * @description Anybody may, ten times in fifteen minutes from an address. The public sees a review when a moderator has let it
         *     through.
         */
        post: operations["createReview"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/products/{slug}/stock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the movements of a product's stock
         * @description The newest first. Their changes add up to its stock.
         *
         *     Needs the permission `stock:write`.
         */
        get: operations["listMovements"];
        put?: never;
        /**
         * Move the stock of a product
         * @description By a number of pieces, or to what was counted. Send an `Idempotency-Key`, so that a repetition moves nothing.
         *
         *     Needs the permission `stock:write`.
         */
        post: operations["makeMovement"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/reservations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reserve stock
         * @description Takes the stock now, all lines or none. It comes back when the reservation is released or expires.
         *
         *     Needs the permission `stock:write`.
         */
        post: operations["createReservation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/reservations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a reservation
         * @description Needs the permission `stock:write`.
         */
        get: operations["readReservation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/reservations/{id}/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm a reservation
         * @description Its stock is sold for good.
         *
         *     Needs the permission `stock:write`.
         */
        post: operations["confirmReservation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/reservations/{id}/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Release a reservation
         * @description Its stock can be sold again.
         *
         *     Needs the permission `stock:write`.
         */
        post: operations["releaseReservation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/reviews": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List reviews across products
         * @description The oldest first, each with its product: by default those that wait for a moderator.
         *
         *     Needs the permission `reviews:moderate`.
         */
        get: operations["listAllReviews"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/reviews/bulk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Decide of several reviews
         * @description All at once: the ratings of their products follow in the same step. A review that does not exist keeps none of the
         *     others from being decided.
         *
         *     Needs the permission `reviews:moderate`.
         */
        post: operations["decideReviews"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/reviews/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove a review
         * @description The product's rating follows at once.
         *
         *     Needs the permission `reviews:moderate`.
         */
        delete: operations["deleteReview"];
        options?: never;
        head?: never;
        /**
         * Verify a review
         * @description Or take that back. The product's rating follows at once.
         *
         *     Needs the permission `reviews:moderate`.
         */
        patch: operations["verifyReview"];
        trace?: never;
    };
    "/api/search/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Check the catalogue index
         * @description Compares the index of this server with PostgreSQL, product by product, and replaces in the index what differs. It reads all
         *     products, which takes seconds. Servers do the same once an hour.
         *
         *     Needs the permission `metrics:read`.
         */
        post: operations["checkIndex"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/search/synonyms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the synonyms
         * @description A search for one term of a group finds products with any of them.
         *
         *     Needs the permission `products:read`.
         */
        get: operations["readSynonyms"];
        /**
         * Replace the synonyms
         * @description Searches use them from the answer on. Products need not change.
         *
         *     Needs the permission `products:write`.
         */
        put: operations["replaceSynonyms"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/stock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Move the stock of an order
         * @description All lines or none. If stock is missing, the answer names every product that lacks it.
         *
         *     Needs the permission `stock:write`.
         */
        post: operations["makeMovements"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List webhooks
         * @description The newest first, also those that are switched off. None shows its secret.
         *
         *     Needs the permission `webhooks:manage`.
         */
        get: operations["listWebhooks"];
        put?: never;
        /**
         * Make a webhook
         * @description It receives the events of all changes that are made from now on, as `/api/events` shows them, by requests that follow
         *     Standard Webhooks 1.0. The answer has the secret that signs them, which is shown this once. A URL must begin with
         *     `https://` and lead to a public address.
         *
         *     Needs the permission `webhooks:manage`.
         */
        post: operations["createWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/webhooks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a webhook
         * @description Its secret is not shown.
         *
         *     Needs the permission `webhooks:manage`.
         */
        get: operations["readWebhook"];
        put?: never;
        post?: never;
        /**
         * Delete a webhook
         * @description Nothing is sent to it any more, apart from requests that are under way. Its deliveries go with it.
         *
         *     Needs the permission `webhooks:manage`.
         */
        delete: operations["deleteWebhook"];
        options?: never;
        head?: never;
        /**
         * Change some fields of a webhook
         * @description A merge patch (RFC 7396): absent fields stay. A webhook that is switched off receives no events, and those that wait for
         *     it are dropped. Once it is active again, it receives the events of changes from then on, and `disabled_reason` is null.
         *
         *     Needs the permission `webhooks:manage`.
         */
        patch: operations["patchWebhook"];
        trace?: never;
    };
    "/api/webhooks/{id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the deliveries of a webhook
         * @description The newest event first, each with its last attempt and the time of the next one. They are kept for 30 days.
         *
         *     Needs the permission `webhooks:manage`.
         */
        get: operations["listDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/webhooks/{id}/deliveries/{event}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send an event again
         * @description With all attempts, whether it was delivered or given up. An event that waits for its next attempt is sent now. Events
         *     about the same thing that wait are sent after it.
         *
         *     Needs the permission `webhooks:manage`.
         */
        post: operations["retryDelivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/webhooks/{id}/secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Rotate the secret of a webhook
         * @description The answer has the new secret, which is shown this once. For 24 hours the old one signs along, so that each request has a
         *     signature by either.
         *
         *     Needs the permission `webhooks:manage`.
         */
        post: operations["rotateWebhookSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/webhooks/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Test a webhook
         * @description Sends an event of the type `webhook.test` about the webhook, once, also if it is switched off, and answers with the
         *     result. That takes up to 15 seconds. The deliveries do not show it.
         *
         *     Needs the permission `webhooks:manage`.
         */
        post: operations["testWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/feeds/google.xml": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the feed of Google Merchant Center
         * @description All active products that have what the feed requires, as RSS 2.0 with the attributes of Google's product data
         *     specification.
         */
        get: operations["readGoogleFeed"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/feeds/openai.jsonl.gz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the feed of OpenAI
         * @description All active products that have what the feed requires, a JSON object a line, compressed with gzip.
         */
        get: operations["readOpenaiFeed"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sitemap.xml": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the sitemap
         * @description The pages of all active products with the times of their last changes; with more than 50 000 products, an index of
         *     such files.
         */
        get: operations["readSitemap"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description Who changed it. */
        Actor: {
            /**
             * @description Of the database its role.
             * @example admin
             */
            id?: string | null;
            /**
             * @description `admin`, `key`, `customer`, `system`, or `database` of a statement that the server did not make.
             * @example admin
             */
            kind: string;
            name?: string | null;
        };
        /** @description An API key, but for its secret. */
        ApiKey: {
            /** Format: date-time */
            created_at: string;
            /**
             * @description The id of who made it.
             * @example admin
             */
            created_by?: string | null;
            /** Format: date-time */
            expires_at?: string | null;
            /** @example 9fK2mQ7xT1bZ */
            id: string;
            /**
             * Format: date-time
             * @description Exact to a minute.
             */
            last_used_at?: string | null;
            /** @example Warehouse */
            name: string;
            /**
             * @example [
             *       "products:read"
             *     ]
             */
            permissions: string[];
            /**
             * @description What the key begins with.
             * @example egg_9fK2mQ7xT1bZ
             */
            prefix: string;
            /** Format: date-time */
            revoked_at?: string | null;
        };
        /** @description A key to be made. */
        ApiKeyInput: {
            /**
             * Format: date-time
             * @description When it ends by itself (RFC 3339).
             * @example null
             */
            expires_at?: string | null;
            /**
             * @description Not blank.
             * @example Warehouse
             */
            name: string;
            /**
             * @description What it may do; none for a front end. Nobody gives a permission that they lack.
             * @example [
             *       "products:read"
             *     ]
             */
            permissions: string[];
        };
        /** @description All API keys. */
        ApiKeyList: {
            data: components["schemas"]["ApiKey"][];
        };
        /** @description How a key is rotated. */
        ApiKeyRotation: {
            /**
             * Format: int32
             * @description For how many seconds the old key still holds.
             * @default 86400
             */
            overlap_seconds?: number | null;
        };
        /**
         * @description `POST`, `PUT`, `PATCH`, `DELETE`, `DELETE` with `permanent=true`, and a movement of stock.
         * @enum {string}
         */
        BulkAction: "create" | "replace" | "patch" | "deactivate" | "remove" | "stock";
        /** @description What a moderator decides of several reviews. */
        BulkDecision: {
            decision: components["schemas"]["ReviewDecisionName"];
            /** @description Which reviews, each once. */
            ids: number[];
        };
        /** @description What became of each review, in the order of `ids`. */
        BulkDecisionResults: {
            results: components["schemas"]["DecisionResult"][];
        };
        /** @description Several writes of products. */
        BulkInput: {
            /**
             * @description Whether all are made or none.
             * @default true
             */
            atomic?: boolean | null;
            operations: components["schemas"]["BulkOperation"][];
        };
        /** @description One write of a product. */
        BulkOperation: {
            action: components["schemas"]["BulkAction"];
            /** @description That of the single call; none for `deactivate` and `remove`. */
            body?: Record<string, never>;
            /**
             * @description An ETag of the state that is to be changed; not for `create` and `stock`.
             * @example "7-4"
             */
            if_match?: string | null;
            /**
             * @description Which product; required but for `create`.
             * @example eggypro-vanilla-1kg
             */
            slug?: string | null;
        };
        /** @description What became of an operation. */
        BulkResult: {
            /**
             * @description The tag of the product as it now stands.
             * @example "7-4"
             */
            etag?: string;
            /** @description Why it failed. */
            problem?: components["schemas"]["Problem"];
            /** @example eggypro-vanilla-1kg */
            slug?: string | null;
            /**
             * Format: int32
             * @description That of the single call; 424 if it was not made because another one failed.
             * @example 200
             */
            status: number;
        };
        /** @description What became of each operation, in order. */
        BulkResults: {
            results: components["schemas"]["BulkResult"][];
        };
        /** @description How often this server found public answers in its memory, since its start. */
        CacheMetrics: {
            /** Format: int64 */
            hits: number;
            /** Format: int64 */
            misses: number;
        };
        /** @description The caller. */
        Caller: {
            user: components["schemas"]["User"];
        };
        /** @description A category. */
        Category: {
            /** Format: date-time */
            created_at: string;
            description?: string | null;
            /** Format: int32 */
            id: number;
            is_active: boolean;
            /** @example Protein bars */
            name: string;
            /** @example protein-bars */
            slug: string;
        };
        /** @description How many products stand in a category. */
        CategoryCount: {
            /** Format: int64 */
            count: number;
            name: string;
            slug: string;
        };
        /** @description A category to be made, or the whole of what is to replace one. */
        CategoryInput: {
            description?: string | null;
            /** @default true */
            is_active?: boolean | null;
            /**
             * @description Not blank.
             * @example Protein bars
             */
            name: string;
            /** @description Without one it is made from the name, or stays when a category is replaced. */
            slug?: string | null;
        };
        /** @description Categories by name. */
        CategoryList: {
            data: components["schemas"]["Category"][];
        };
        /** @description A category that a product stands in. */
        CategoryReference: {
            /** Format: int32 */
            id: number;
            name: string;
            slug: string;
        };
        /** @description What one transaction did to one thing. */
        Change: {
            /**
             * @description `created`, `updated` or `deleted`.
             * @example updated
             */
            action: string;
            actor: components["schemas"]["Actor"];
            /** Format: date-time */
            at: string;
            /** @description By column what it was before and after. */
            diff: Record<string, never>;
            /**
             * Format: int64
             * @example 4711
             */
            id: number;
            /** @description Why, where that is known. */
            reason?: string | null;
            /**
             * @description The request that did it; null outside of requests.
             * @example 3f0b6c1e-6d0e-4c53-9d0c-5a5be0f0c1a7
             */
            request_id?: string | null;
            /**
             * @description `product`, `category`, `review`, `image`, `key`, `session`, `synonyms` or `webhook`.
             * @example product
             */
            resource: string;
            resource_id: components["schemas"]["ResourceId"];
            /**
             * @description Of a product or category; of a review that of its product.
             * @example eggypro-vanilla-1kg
             */
            slug?: string | null;
        };
        /** @description One page of changes. */
        ChangePage: {
            data: components["schemas"]["Change"][];
            pagination: components["schemas"]["Pagination"];
        };
        DecisionResult: {
            /** Format: int64 */
            id: number;
            /**
             * Format: int32
             * @description 200; 204 for one that was removed; 404 where there is no such review.
             * @example 200
             */
            status: number;
        };
        /** @description Which event it is. `/api/events` shows it whole. */
        DeliveredEvent: {
            /**
             * @description The same as in `webhook-id`.
             * @example 4711
             */
            id: string;
            /** @example /api/products/eggypro-vanilla-1kg */
            subject: string;
            /** @example product.updated */
            type: string;
        };
        /** @description An event for a webhook, with the result of its last attempt. */
        Delivery: {
            /**
             * Format: int32
             * @description The number of attempts. A retry by hand begins anew.
             * @example 1
             */
            attempts: number;
            /**
             * Format: date-time
             * @description When it was queued.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When the receiver has accepted it.
             */
            delivered_at?: string | null;
            /**
             * @description What went wrong at the last attempt, for people.
             * @example the receiver answered 503
             */
            error?: string | null;
            event: components["schemas"]["DeliveredEvent"];
            /**
             * Format: int64
             * @description How long the last attempt took.
             * @example 38
             */
            milliseconds?: number | null;
            /**
             * Format: date-time
             * @description When it is attempted next; null while it is being sent, while it waits for an earlier event about the same thing,
             *     and once it has ended.
             */
            next_attempt_at?: string | null;
            /**
             * @description `pending` (it waits, or is being sent), `delivered`, or `failed` (given up, or its webhook was switched off).
             * @example pending
             */
            state: string;
            /**
             * Format: int32
             * @description The status of the last answer; null if there was none, or no attempt.
             * @example 503
             */
            status?: number | null;
        };
        /** @description One page of deliveries. */
        DeliveryPage: {
            data: components["schemas"]["Delivery"][];
            pagination: components["schemas"]["Pagination"];
        };
        /** @description A webhook that the server has switched off. Its URL is not shown, since it may hold a secret of the receiver. */
        DisabledWebhook: {
            /** @example the receiver answered 410 and wants no more events */
            disabled_reason: string;
            /** @example 6f1f4c1e-7d0a-4f57-9a53-3d0e0f2b8c11 */
            id: string;
            is_active: boolean;
        };
        /** @description How the requests of one route and method went; times in milliseconds, percentiles within 2 %. */
        EndpointMetrics: {
            /**
             * Format: double
             * @example 2.1
             */
            avg_response_time: number;
            /**
             * @description The route's pattern, or `unmatched`.
             * @example /api/products/{slug}
             */
            endpoint: string;
            /**
             * Format: int64
             * @description Those answered with a status of 400 or more.
             */
            error_count: number;
            /** @example GET */
            method: string;
            /** Format: int32 */
            p50: number;
            /** Format: int32 */
            p95: number;
            /** Format: int32 */
            p99: number;
            /** Format: int64 */
            total_requests: number;
        };
        /** @description Something that happened. */
        Event: {
            data: components["schemas"]["EventData"];
            /**
             * @description The same however often it is read.
             * @example 4711
             */
            id: string;
            /**
             * @description The address of what it is about.
             * @example /api/products/eggypro-vanilla-1kg
             */
            subject: string;
            /** Format: date-time */
            time: string;
            /** @example product.updated */
            type: string;
        };
        /**
         * @description What the event is about as the API shows it to an administrator now; of what was deleted, its id and slug; of a webhook that
         *     was switched off, the reason.
         */
        EventData: components["schemas"]["Product"] | components["schemas"]["Category"] | components["schemas"]["ModeratedReview"] | components["schemas"]["DisabledWebhook"] | components["schemas"]["Gone"];
        /** @description One page of events. */
        EventPage: {
            data: components["schemas"]["Event"][];
            /** @description Where to go on, by `after`; also on a page without events. */
            next_cursor: string;
        };
        /**
         * @description How many products of the whole list there are of each kind, under the same filters. Categories, ranges
         *     and stars that no product has are left out.
         */
        Facets: {
            /** @description How many products are known not to contain each allergen, as `allergenFree` finds them. */
            allergen?: components["schemas"]["NamedCount"][];
            /** @description The category with the most products first. */
            category?: components["schemas"]["CategoryCount"][];
            /** @description The diet with the most products first. */
            diet?: components["schemas"]["NamedCount"][];
            price?: components["schemas"]["PriceFacet"];
            /** @description The best first. */
            rating?: components["schemas"]["RatingCount"][];
            stock?: components["schemas"]["StockFacet"];
        };
        /** @description A rule that a product breaks. */
        FeedFinding: {
            /**
             * @description The feeds that have the rule: `google`, `openai`.
             * @example [
             *       "google",
             *       "openai"
             *     ]
             */
            feeds: string[];
            /** @example images */
            field: string;
            rule: string;
            /**
             * @description `excluded`: the product is left out of the feeds; `advised`: it would be shown better.
             * @example excluded
             */
            severity: string;
            /** @example eggypro-vanilla-1kg */
            slug: string;
        };
        /** @description What active products lack for feeds. */
        FeedReport: {
            /** @description How many products were checked. */
            checked: number;
            /** @description Those that exclude products first. At most 1000; what is mended makes room for the rest. */
            data: components["schemas"]["FeedFinding"][];
            /** @description How many of them are left out of the feeds. */
            excluded: number;
            /** @description Whether there are more findings. */
            has_more: boolean;
        };
        /** @description One broken field of a request. */
        FieldError: {
            /**
             * @description Which one, as in `price` or `ingredients[3]`.
             * @example price
             */
            field: string;
            /**
             * @description The rule that it breaks.
             * @example Price must be positive
             */
            message: string;
        };
        /** @description The pictures of an upload. */
        Files: {
            /** @description JPEG, PNG or WebP by its content, of at most 10 MB and 50 megapixels. */
            file: Blob[];
        };
        /** @description Facts of a food. */
        Food: {
            /**
             * @description Of the fourteen of Regulation (EU) 1169/2011, Annex II. Null if nobody has stated them.
             * @example [
             *       "eggs"
             *     ]
             */
            allergens?: string[] | null;
            /**
             * @example [
             *       "vegetarian",
             *       "gluten-free"
             *     ]
             */
            diets: string[];
            /**
             * @description Possible traces.
             * @example [
             *       "milk"
             *     ]
             */
            may_contain: string[];
            nutrition?: components["schemas"]["Nutrition"] | null;
            /**
             * @description ISO 3166-1 alpha-2.
             * @example DE
             */
            origin_country?: string | null;
            storage?: string | null;
        };
        /** @description Facts of a food. Every member is optional. */
        FoodInput: {
            /**
             * @description Of the fourteen of Regulation (EU) 1169/2011, Annex II; an empty list if there are none, null if they are unknown.
             * @example [
             *       "eggs"
             *     ]
             */
            allergens?: string[] | null;
            /**
             * @description `vegetarian`, `vegan`, `gluten-free`, `lactose-free`, `halal`, `kosher`; none that an allergen contradicts.
             * @example [
             *       "vegetarian"
             *     ]
             */
            diets?: string[] | null;
            /**
             * @description Possible traces. None of `allergens`.
             * @example [
             *       "milk"
             *     ]
             */
            may_contain?: string[] | null;
            nutrition?: components["schemas"]["NutritionInput"] | null;
            /**
             * @description ISO 3166-1 alpha-2.
             * @example DE
             */
            origin_country?: string | null;
            storage?: string | null;
        };
        /** @description A key that was just made. */
        FreshApiKey: components["schemas"]["ApiKey"] & {
            /**
             * @description The whole key. It is shown here and never again.
             * @example egg_9fK2mQ7xT1bZ_4tGv0c8LwPzR5yHn3JdSaXe6UoBiMkQf2kV9sD
             */
            secret: string;
        };
        /** @description A webhook with a secret that was just made. */
        FreshWebhook: components["schemas"]["Webhook"] & {
            /**
             * @description Signs the requests, as Standard Webhooks specifies. It is shown here and never again.
             * @example whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD
             */
            secret: string;
        };
        /** @description What is no more. */
        Gone: {
            /**
             * Format: int64
             * @example 7
             */
            id: number;
            /** @example eggypro-vanilla-1kg */
            slug?: string | null;
        };
        /** @description What this is and where to go on. */
        Greeting: {
            /**
             * @description The page for the people who run the shop.
             * @example /admin
             */
            admin: string;
            /**
             * @description The page that shows what can be asked for.
             * @example /api/docs
             */
            docs: string;
            /** @example EggyPro */
            name: string;
            /**
             * @description The OpenAPI document.
             * @example /api/openapi.json
             */
            openapi: string;
            /** @example 1.0.0 */
            version: string;
        };
        /** @description How the shop is. The names are those of the specification. */
        Health: {
            /** @description `development`, `production` or `test`. */
            environment: string;
            /**
             * Format: int64
             * @description How long it took to find all this out, in milliseconds.
             */
            responseTime: number;
            services: components["schemas"]["HealthServices"];
            /** @description `healthy`, or `degraded` where a service that is needed is not well. */
            status: components["schemas"]["HealthStatus"];
            /** Format: date-time */
            timestamp: string;
            /**
             * Format: double
             * @description How long the server has run, in seconds.
             * @example 12.5
             */
            uptime: number;
            /**
             * @description Of the server.
             * @example 1.0.0
             */
            version: string;
        };
        /** @description Which parts are configured. */
        HealthConfigured: {
            admin: boolean;
            cloudinary: boolean;
            database: boolean;
        };
        HealthDatabase: {
            /**
             * @description `active` or `inactive`
             * @example active
             */
            connection: string;
            status: components["schemas"]["HealthStatus"];
            /** Format: date-time */
            timestamp: string;
        };
        HealthService: {
            status: components["schemas"]["HealthStatus"];
        };
        HealthServices: {
            /** @description The one that servers share; `disabled` where each has its own alone. Nothing depends on it. */
            cache: components["schemas"]["HealthService"];
            /** @description `disabled` where images are kept in a folder. Asked at most once in 60 seconds. */
            cloudinary: components["schemas"]["HealthService"];
            database: components["schemas"]["HealthDatabase"];
            environment: components["schemas"]["HealthConfigured"];
        };
        /** @enum {string} */
        HealthStatus: "healthy" | "degraded" | "unhealthy" | "disabled";
        /** @description The matched parts as HTML: escaped, with the hits in `<mark>`. */
        Highlight: {
            description: string;
            name: string;
        };
        /** @description An image that is kept. */
        Image: {
            /**
             * @description `jpg`, `png` or `webp`
             * @example jpg
             */
            format: string;
            /**
             * Format: int32
             * @description In pixels.
             */
            height: number;
            /** @description The URL of a form for a page of one product: at most 800 pixels wide, at quality 80. */
            optimized: string;
            /** @description The URL of the file, every pixel as it came; this is what a product's `images` hold. */
            original: string;
            /**
             * @description What it is deleted by.
             * @example eggypro-products/0b5e3a6c8f5d4c0f9d7e2a1b3c4d5e6f
             */
            public_id: string;
            /** @description URLs for `srcset`, by width: `400w`, `800w`, `1200w`. None is wider than the original. */
            responsive: {
                [key: string]: string;
            };
            /**
             * Format: int32
             * @description Of the file, in bytes.
             */
            size: number;
            /** @description The URL of a form for lists: at most 400 × 400 pixels, filled. */
            thumbnail: string;
            /**
             * Format: int32
             * @description In pixels.
             */
            width: number;
        };
        /** @description An import of a file, and what has become of its rows so far. */
        Import: components["schemas"]["ImportSummary"] & {
            /** @description The first 1000 errors, by row. */
            errors: components["schemas"]["ImportError"][];
            /** @description Of a dry run, what would become of the first products. */
            preview?: components["schemas"]["ImportDifference"][];
        };
        /** @description What a dry run would do to a product. */
        ImportDifference: {
            /**
             * @description `created` or `updated`.
             * @example updated
             */
            action: string;
            changes: components["schemas"]["ImportedField"][];
            /**
             * Format: int64
             * @example 2
             */
            row: number;
            /** @example eggypro-vanilla-1kg */
            slug: string;
        };
        /** @description Something that is wrong with a row. */
        ImportError: {
            /**
             * @description The column, as the file names it, or the field; empty if the row as a whole is wrong.
             * @example price
             */
            column: string;
            /** @example Price must be positive */
            message: string;
            /**
             * Format: int64
             * @description The number of the row. The header of a table is row 1. Of JSON lines, the number of the line.
             * @example 7
             */
            row: number;
            /**
             * @description The cell, maybe shortened.
             * @example -1
             */
            value: string;
        };
        /** @description The file of an import in a form. */
        ImportForm: {
            /**
             * Format: binary
             * @description One file of at most 200 MB.
             */
            file: Blob;
        };
        /** @description One page of imports. */
        ImportPage: {
            data: components["schemas"]["ImportSummary"][];
            pagination: components["schemas"]["Pagination"];
        };
        /** @description An import of a file, and how many of its rows became what so far. */
        ImportSummary: {
            /**
             * Format: int64
             * @description Those that created a product.
             * @example 2
             */
            created: number;
            /** Format: date-time */
            created_at: string;
            /**
             * Format: int64
             * @description The rows that were read, the sum of the next four.
             * @example 120
             */
            done: number;
            /** @description Whether nothing is written. Then the counts say what would become of the rows. */
            dry_run: boolean;
            /**
             * Format: int64
             * @description Those that were refused.
             * @example 1
             */
            failed: number;
            /** @description Why the import has failed. */
            failure?: string | null;
            /** Format: date-time */
            finished_at?: string | null;
            /**
             * @description `csv`, `ndjson`, `shopify` or `woocommerce`; `auto` until it is found.
             * @example csv
             */
            format: string;
            /** @example 3f0b6c1e-6d0e-4c53-9d0c-5a5be0f0c1a7 */
            id: string;
            /**
             * @description `upsert`, `create` or `update`.
             * @example upsert
             */
            mode: string;
            /**
             * Format: int64
             * @description The rows of the file, once they are counted.
             * @example 120
             */
            rows?: number | null;
            /**
             * @description `running`, `done` (every row was read), `failed` (the file can't be read on) or `cancelled`. What was written stays.
             * @example done
             */
            status: string;
            /**
             * Format: int64
             * @description Those of products that are as the file says.
             * @example 100
             */
            unchanged: number;
            /**
             * Format: int64
             * @description Those that changed a product.
             * @example 17
             */
            updated: number;
        };
        /** @description A field that would change. */
        ImportedField: {
            after: unknown;
            /** @description Null of a new product. */
            before: unknown;
            /** @example price */
            field: string;
        };
        /** @description What a comparison of the index with PostgreSQL found. */
        IndexComparison: {
            /** @description The first hundred of them. */
            data: components["schemas"]["IndexMismatch"][];
            /**
             * @description The number of products that differed.
             * @example 0
             */
            mismatches: number;
            /**
             * Format: int64
             * @description The number of products in PostgreSQL.
             * @example 27
             */
            products: number;
        };
        /** @description A product that differed. */
        IndexMismatch: {
            /**
             * @description `missing` in the index, `surplus` in it, or `different`.
             * @example different
             */
            kind: string;
            /** Format: int32 */
            product_id: number;
        };
        /** @description An image of a product. Of one that the shop does not store itself, all but its address and text is null. */
        Media: {
            /**
             * @description What it shows, for those who don't see it.
             * @example A bag of vanilla protein powder
             */
            alt_text?: string | null;
            /**
             * Format: int32
             * @description In pixels.
             * @example 900
             */
            height?: number | null;
            /** @description The URL of a form for a page of one product: at most 800 pixels wide, at quality 80. */
            optimized?: string | null;
            /**
             * @description What it is deleted by.
             * @example eggypro-products/0b5e3a6c8f5d4c0f9d7e2a1b3c4d5e6f
             */
            public_id?: string | null;
            /** @description URLs for `srcset`, by width: `400w`, `800w`, `1200w`. None is wider than the image. */
            responsive?: {
                [key: string]: string;
            } | null;
            /** @description The URL of a form for lists: at most 400 × 400 pixels, filled. */
            thumbnail?: string | null;
            /**
             * @description As it stands in `images`.
             * @example https://images.example/eggypro-products/0b5e3a6c/original.jpg
             */
            url: string;
            /**
             * Format: int32
             * @description In pixels.
             * @example 1200
             */
            width?: number | null;
        };
        /** @description What an image shows. The members that the server adds may be sent back, and are ignored. */
        MediaInput: {
            alt_text?: string | null;
        };
        /** @description How requests went. */
        Metrics: {
            cache: components["schemas"]["CacheMetrics"];
            /**
             * Format: int32
             * @example 7
             */
            days: number;
            /** @description The busiest first. */
            endpoints: components["schemas"]["EndpointMetrics"][];
            /**
             * @description All requests over time, oldest first, without gaps: a point an hour for up to 7 days, else a point a day. The first
             *     and the last day are incomplete.
             */
            series: components["schemas"]["MetricsPoint"][];
        };
        /** @description How the requests of an hour, or of a day in UTC, went; times in milliseconds, percentiles within 2 %. */
        MetricsPoint: {
            /**
             * Format: date-time
             * @description When the hour or day began.
             */
            at: string;
            /**
             * Format: int64
             * @description Those answered with a status of 400 or more.
             */
            error_count: number;
            /**
             * Format: int32
             * @description Like the other percentiles, null without requests.
             */
            p50?: number | null;
            /** Format: int32 */
            p95?: number | null;
            /** Format: int32 */
            p99?: number | null;
            /** Format: int64 */
            total_requests: number;
        };
        /** @description A review with its product. */
        ModeratedReview: components["schemas"]["Review"] & {
            product: components["schemas"]["ReviewedProduct"];
        };
        /** @description One page of reviews across products. */
        ModerationPage: {
            data: components["schemas"]["ModeratedReview"][];
            pagination: components["schemas"]["Pagination"];
        };
        /** @description One change of the stock of a product. */
        Movement: {
            actor: components["schemas"]["Actor"];
            /** Format: date-time */
            at: string;
            /**
             * Format: int32
             * @description The stock after it.
             * @example 118
             */
            balance: number;
            /**
             * Format: int32
             * @description Pieces that came, negative for pieces that went; 0 for a count that found the stock as it was.
             * @example -2
             */
            change: number;
            /**
             * Format: int64
             * @description A later movement of a product has a higher id.
             * @example 81
             */
            id: number;
            /**
             * @description `sale`, `delivery`, `return`, `count`, `loss`, `correction` (also of a product's write), `reservation` or
             *     `release`.
             * @example sale
             */
            reason: string;
            /**
             * @description What it belongs to.
             * @example order-1001
             */
            reference?: string | null;
            /** @example eggypro-vanilla-1kg */
            slug: string;
        };
        /** @description A movement to make: `change`, or `set` with or without `expected`. */
        MovementInput: {
            /**
             * Format: int32
             * @description Pieces to add, or to take if negative. Not 0.
             * @example -2
             */
            change?: number | null;
            /**
             * Format: int32
             * @description With `set`: the stock before it, else nothing is set.
             */
            expected?: number | null;
            /**
             * @description `sale`, `delivery`, `return`, `count`, `loss` or `correction`.
             * @example sale
             */
            reason: string;
            /**
             * @description What it belongs to.
             * @example order-1001
             */
            reference?: string | null;
            /**
             * Format: int32
             * @description The stock to set, such as what was counted.
             */
            set?: number | null;
        };
        /** @description The change of one product in an order. */
        MovementLine: {
            /**
             * Format: int32
             * @description Pieces to add, or to take if negative. Not 0.
             * @example -2
             */
            change: number;
            /** @example eggypro-vanilla-1kg */
            slug: string;
        };
        /** @description One page of movements. */
        MovementPage: {
            data: components["schemas"]["Movement"][];
            pagination: components["schemas"]["Pagination"];
        };
        /** @description The movements of an order, one for each product. */
        Movements: {
            movements: components["schemas"]["Movement"][];
        };
        /** @description The movements of an order: all are made or none. */
        MovementsInput: {
            /** @description 1 to 200. Those of one product count together. */
            lines: components["schemas"]["MovementLine"][];
            /**
             * @description `sale`, `delivery`, `return`, `count`, `loss` or `correction`.
             * @example sale
             */
            reason: string;
            /**
             * @description What they belong to.
             * @example order-1001
             */
            reference?: string | null;
        };
        /** @description How many products have a diet, or lack an allergen. */
        NamedCount: {
            /** Format: int64 */
            count: number;
            /** @example vegetarian */
            name: string;
        };
        /** @description How much one unit contains. */
        NetContent: {
            /**
             * @description `g`, `kg`, `ml`, `l` or `piece`.
             * @example kg
             */
            unit: string;
            /**
             * Format: double
             * @description More than 0, with at most three decimals.
             * @example 1
             */
            value: number;
        };
        /** @description How much one unit contains. */
        NetContentInput: {
            /**
             * @description `g`, `kg`, `ml`, `l` or `piece`.
             * @example kg
             */
            unit: string;
            /**
             * Format: double
             * @description More than 0, with at most three decimals.
             * @example 1
             */
            value: number;
        };
        /** @description Nutrition in 100 g or 100 ml: grams, and energy in kJ and kcal. */
        Nutrition: {
            /**
             * @description `100 g` or `100 ml`.
             * @example 100 g
             */
            basis: string;
            /**
             * Format: double
             * @example 6.1
             */
            carbohydrate?: number | null;
            /**
             * Format: double
             * @example 368
             */
            energy_kcal?: number | null;
            /**
             * Format: double
             * @example 1540
             */
            energy_kj?: number | null;
            /**
             * Format: double
             * @example 0.4
             */
            fat?: number | null;
            /**
             * Format: double
             * @example 0
             */
            fibre?: number | null;
            /**
             * Format: double
             * @example 82
             */
            protein?: number | null;
            /**
             * Format: double
             * @example 2.1
             */
            salt?: number | null;
            /**
             * Format: double
             * @example 0.1
             */
            saturates?: number | null;
            /**
             * Format: double
             * @description In g or ml.
             * @example 30
             */
            serving_size?: number | null;
            /**
             * Format: double
             * @example 5
             */
            sugars?: number | null;
        };
        /**
         * @description Nutrition in 100 g or 100 ml: grams with at most two decimals, at most 100 together, and energy in kJ and kcal, which
         *     must agree within 2 %.
         */
        NutritionInput: {
            /**
             * @description `100 g` or `100 ml`.
             * @example 100 g
             */
            basis: string;
            /**
             * Format: double
             * @example 6.1
             */
            carbohydrate?: number | null;
            /**
             * Format: double
             * @example 368
             */
            energy_kcal?: number | null;
            /**
             * Format: double
             * @example 1540
             */
            energy_kj?: number | null;
            /**
             * Format: double
             * @example 0.4
             */
            fat?: number | null;
            /**
             * Format: double
             * @example 0
             */
            fibre?: number | null;
            /**
             * Format: double
             * @example 82
             */
            protein?: number | null;
            /**
             * Format: double
             * @example 2.1
             */
            salt?: number | null;
            /**
             * Format: double
             * @description At most the fat.
             * @example 0.1
             */
            saturates?: number | null;
            /**
             * Format: double
             * @description In g or ml.
             * @example 30
             */
            serving_size?: number | null;
            /**
             * Format: double
             * @description At most the carbohydrate.
             * @example 5
             */
            sugars?: number | null;
        };
        /** @description Where a page stands in its list. */
        Pagination: {
            /**
             * Format: int32
             * @example 20
             */
            limit: number;
            /** @description The `cursor` of the next page; null on the last one. */
            next_cursor?: string | null;
            /** Format: int32 */
            offset: number;
            /**
             * Format: int32
             * @description How many there are in the whole list. Lists of reviews and changes count to 10 000 at most.
             * @example 137
             */
            total: number;
            /**
             * @description `exact`, or `at_least` if counting stopped.
             * @example exact
             */
            total_precision: string;
        };
        /** @description How many products fall into a range of prices; its bounds can be given as `minPrice` and `maxPrice`. */
        PriceCount: {
            /** Format: int64 */
            count: number;
            /**
             * Format: double
             * @description Null for the last range, which has no end.
             * @example 49.99
             */
            max: number | null;
            /**
             * Format: double
             * @example 20
             */
            min: number;
        };
        /** @description What products cost. */
        PriceFacet: {
            /**
             * Format: double
             * @description What the dearest costs; null without a product.
             * @example 89
             */
            max: number | null;
            /**
             * Format: double
             * @description What the cheapest costs; null without a product.
             * @example 4.9
             */
            min: number | null;
            /** @description The cheapest first. */
            ranges: components["schemas"]["PriceCount"][];
        };
        /** @description The body of an answer to a request that failed: `application/problem+json`, RFC 9457. */
        Problem: {
            /**
             * Format: int32
             * @description The stock that the product has, if it has too little or not the expected one.
             * @example 1
             */
            available?: number;
            /**
             * @description The tag that `If-Match` takes now, if that is what did not hold.
             * @example "7-4"
             */
            current_etag?: string;
            /**
             * Format: int32
             * @description The version that it has now, in the same case.
             * @example 4
             */
            current_version?: number;
            /** @description What is wrong with this request, for people. */
            detail: string;
            /** @description Every broken field, if fields are what is wrong. */
            errors?: components["schemas"]["FieldError"][];
            /** @description The id of the request, as in the header `X-Request-Id`; absent in a problem that is part of an answer. */
            request_id?: string;
            /**
             * @description The permission that the caller lacks, if that is what is wrong.
             * @example products:write
             */
            required_permission?: string;
            /**
             * @description What became of each operation, if operations have failed; `status` is 424 for those that were not made because of
             *     others.
             */
            results?: Record<string, never>[];
            /** @description Every product that has too little stock, if that is what is wrong. */
            shortages?: components["schemas"]["Shortage"][];
            /**
             * Format: int32
             * @description The status code.
             * @example 422
             */
            status: number;
            /**
             * @description The status in words.
             * @example Unprocessable Entity
             */
            title: string;
            /**
             * @description Names the kind of problem; stable, for programs.
             * @example urn:eggypro:problem:validation-failed
             */
            type: string;
        };
        /** @description A product. */
        Product: {
            /** @example EggyPro */
            brand: string;
            /** @description The active ones, by name. */
            categories: components["schemas"]["CategoryReference"][];
            /** Format: date-time */
            created_at: string;
            /**
             * @description ISO 4217.
             * @example EUR
             */
            currency: string;
            description: string;
            details: string;
            food?: components["schemas"]["Food"] | null;
            /**
             * @description Products of one group are variants of one another.
             * @example eggypro-creme-brulee
             */
            group?: string | null;
            /**
             * @description The number of the barcode (GS1).
             * @example 4006381333931
             */
            gtin?: string | null;
            /**
             * Format: int32
             * @example 1
             */
            id: number;
            /** @description Absolute URLs, the leading picture first. */
            images: string[];
            ingredients: string[];
            is_active: boolean;
            /**
             * Format: double
             * @description The price before a reduction.
             * @example 44.9
             */
            list_price?: number | null;
            /**
             * Format: int32
             * @description The stock at which it is time to order more.
             * @example 10
             */
            low_stock_at?: number | null;
            /** @description What each of `images` shows, and what is known of it, in the same order. */
            media: components["schemas"]["Media"][];
            /** @example EggyPro Vanilla 1kg */
            name: string;
            net_content?: components["schemas"]["NetContent"] | null;
            /**
             * @description In what it differs from its variants.
             * @example {
             *       "Size": "1 kg"
             *     }
             */
            options: {
                [key: string]: string;
            };
            /**
             * Format: double
             * @description With at most two decimals, in the shop's currency.
             * @example 39.9
             */
            price: number;
            /**
             * Format: date-time
             * @description When it becomes active; null once it has.
             */
            publish_at?: string | null;
            rating: components["schemas"]["Rating"];
            seo: components["schemas"]["Seo"];
            /**
             * @description The shop's own number.
             * @example EP-CB-1000
             */
            sku?: string | null;
            /** @example eggypro-vanilla-1kg */
            slug: string;
            /** Format: int32 */
            stock_quantity: number;
            /**
             * @description What people read.
             * @example EggyPro Crème Brûlée 1 kg
             */
            title: string;
            unit_price?: components["schemas"]["UnitPrice"] | null;
            /**
             * Format: date-time
             * @description When it becomes inactive; null once it has.
             */
            unpublish_at?: string | null;
            /** Format: date-time */
            updated_at: string;
            /**
             * Format: int32
             * @description Starts at 1 and grows by one with every change.
             */
            version: number;
        };
        /** @description A product to be made, or the whole of what is to replace one. */
        ProductInput: {
            /** @description Without one, the brand of the shop. */
            brand?: string | null;
            /** @description Slugs of categories that exist. */
            categories?: string[] | null;
            description: string;
            details: string;
            food?: components["schemas"]["FoodInput"] | null;
            /** @description Products of one group are variants of one another: they have the same option names with different values. */
            group?: string | null;
            /**
             * @description 8, 12, 13 or 14 digits with a right check digit (GS1), unique. Numbers for use within a company and for coupons are
             *     refused.
             * @example 4006381333931
             */
            gtin?: string | null;
            /** @description Absolute http or https URLs. */
            images?: string[] | null;
            /** @description Each of 1 to 255 characters. */
            ingredients: string[];
            /** @default true */
            is_active?: boolean | null;
            /**
             * Format: double
             * @description The price before a reduction, above the price.
             * @example 44.9
             */
            list_price?: number | null;
            /**
             * Format: int32
             * @description The stock at which it is time to order more.
             */
            low_stock_at?: number | null;
            /** @description What each of `images` shows, in the same order. */
            media?: components["schemas"]["MediaInput"][] | null;
            /**
             * @description ASCII letters, digits, space, `-` and `_`; not blank.
             * @example EggyPro Vanilla 1kg
             */
            name: string;
            net_content?: components["schemas"]["NetContentInput"] | null;
            /**
             * @description At most three: names of at most 50 characters with values of at most 100.
             * @example {
             *       "Size": "1 kg"
             *     }
             */
            options?: {
                [key: string]: string;
            } | null;
            /**
             * Format: double
             * @description More than 0, with at most two decimals.
             * @example 39.9
             */
            price: number;
            /**
             * Format: date-time
             * @description When it becomes active, once, at most two seconds late (RFC 3339). Until then `is_active` holds.
             */
            publish_at?: string | null;
            seo?: components["schemas"]["SeoInput"] | null;
            /**
             * @description The shop's own number, unique without regard to case.
             * @example EP-CB-1000
             */
            sku?: string | null;
            /** @description Without one it is made from the name, or stays when a product is replaced. `search`, `suggest` and `export` are reserved. */
            slug?: string | null;
            /**
             * Format: int32
             * @default 0
             */
            stock_quantity?: number | null;
            /**
             * @description What people read, in any letters; without one, the name.
             * @example EggyPro Crème Brûlée 1 kg
             */
            title?: string | null;
            /**
             * Format: date-time
             * @description When it becomes inactive, once; after `publish_at` (RFC 3339).
             */
            unpublish_at?: string | null;
        };
        /** @description One page of products. */
        ProductPage: {
            data: components["schemas"]["Product"][];
            /** @description If `facets` asked for some. */
            facets?: components["schemas"]["Facets"];
            pagination: components["schemas"]["Pagination"];
        };
        /** @description What is to change of a product (RFC 7396): absent fields stay, null takes a field that has a default back to it. */
        ProductPatch: {
            /** @description Without one, the brand of the shop. */
            brand?: string | null;
            categories?: string[] | null;
            description?: string;
            details?: string;
            food?: components["schemas"]["FoodInput"] | null;
            /** @description Products of one group are variants of one another: they have the same option names with different values. */
            group?: string | null;
            /**
             * @description 8, 12, 13 or 14 digits with a right check digit (GS1), unique. Numbers for use within a company and for coupons are
             *     refused.
             * @example 4006381333931
             */
            gtin?: string | null;
            images?: string[] | null;
            ingredients?: string[];
            is_active?: boolean | null;
            /**
             * Format: double
             * @description The price before a reduction, above the price.
             * @example 44.9
             */
            list_price?: number | null;
            /** Format: int32 */
            low_stock_at?: number | null;
            /** @description What each of `images` shows, in the same order. */
            media?: components["schemas"]["MediaInput"][] | null;
            name?: string;
            net_content?: components["schemas"]["NetContentInput"] | null;
            /**
             * @description At most three: names of at most 50 characters with values of at most 100.
             * @example {
             *       "Size": "1 kg"
             *     }
             */
            options?: {
                [key: string]: string;
            } | null;
            /**
             * Format: double
             * @example 34.9
             */
            price?: number;
            /** Format: date-time */
            publish_at?: string | null;
            seo?: components["schemas"]["SeoInput"] | null;
            /**
             * @description The shop's own number, unique without regard to case.
             * @example EP-CB-1000
             */
            sku?: string | null;
            slug?: string;
            /** Format: int32 */
            stock_quantity?: number | null;
            /**
             * @description What people read, in any letters; without one, the name.
             * @example EggyPro Crème Brûlée 1 kg
             */
            title?: string | null;
            /** Format: date-time */
            unpublish_at?: string | null;
        };
        /** @description What verified reviews say. */
        Rating: {
            /**
             * Format: double
             * @description The mean in stars, rounded to two decimals; null without a verified review.
             * @example 4.67
             */
            average?: number | null;
            /**
             * Format: int64
             * @description How many there are.
             */
            count: number;
            /** @description How many gave each number of stars; of a single product only. */
            distribution?: {
                [key: string]: number;
            } | null;
        };
        /** @description How many products have so many stars. */
        RatingCount: {
            /** Format: int64 */
            count: number;
            /**
             * Format: int32
             * @description The average, rounded to whole stars; null for those without a rating.
             * @example 5
             */
            stars: number | null;
        };
        /** @description Stock that was taken for an order which is not paid yet. */
        Reservation: {
            /**
             * Format: date-time
             * @description When it is released by itself, unless it was confirmed.
             */
            expires_at: string;
            /** @example 3f0b6c1e-6d0e-4c53-9d0c-5a5be0f0c1a7 */
            id: string;
            /** @description Each product once. */
            lines: components["schemas"]["ReservedLine"][];
            /** @example order-1001 */
            reference: string;
            /**
             * @description `held`, `confirmed` (sold for good) or `released` (the stock is back).
             * @example held
             */
            status: string;
        };
        /** @description A reservation to make. */
        ReservationInput: {
            /**
             * Format: int32
             * @description How long it lasts, in seconds.
             * @default 900
             */
            expires_in?: number | null;
            /** @description 1 to 200. Those of one product count together. */
            lines: components["schemas"]["ReservationLine"][];
            /**
             * @description What it belongs to.
             * @example order-1001
             */
            reference: string;
        };
        /** @description A number of pieces of a product. */
        ReservationLine: {
            /**
             * Format: int32
             * @example 2
             */
            quantity: number;
            /** @example eggypro-vanilla-1kg */
            slug: string;
        };
        /** @description A number of pieces of a product. */
        ReservedLine: {
            /**
             * Format: int32
             * @example 2
             */
            quantity: number;
            /** @example eggypro-vanilla-1kg */
            slug: string;
        };
        /** @description Which one: a number, of an image, a key, a session or a webhook a text; `*` of all at once. */
        ResourceId: number | string;
        /** @description An event that is sent again. */
        RetriedDelivery: {
            /**
             * @description The id of the event.
             * @example 4711
             */
            event: string;
            /**
             * @description `pending`
             * @example pending
             */
            state: string;
        };
        /** @description A review. */
        Review: {
            comment: string;
            /** Format: date-time */
            created_at: string;
            /** Format: int32 */
            id: number;
            image_url?: string | null;
            /** @description Whether a moderator let it through; only then the public sees it and it counts. */
            is_verified: boolean;
            /** Format: int32 */
            product_id: number;
            /**
             * Format: int32
             * @description Stars, 1 to 5.
             */
            rating: number;
            reviewer_image_url?: string | null;
            /** @example Ada */
            reviewer_name: string;
            video_url?: string | null;
        };
        /** @description What a moderator decides. */
        ReviewDecision: {
            is_verified: boolean;
        };
        /**
         * @description What is decided.
         * @enum {string}
         */
        ReviewDecisionName: "verify" | "unverify" | "delete";
        /** @description A review to be made. */
        ReviewInput: {
            /** @description Not blank. */
            comment: string;
            /** @description An absolute http or https URL. */
            image_url?: string | null;
            /**
             * Format: int32
             * @description Stars.
             * @example 5
             */
            rating: number;
            /** @description An absolute http or https URL. */
            reviewer_image_url?: string | null;
            /**
             * @description Not blank.
             * @example Ada
             */
            reviewer_name: string;
            /** @description An absolute http or https URL. */
            video_url?: string | null;
        };
        /** @description One page of the reviews of a product. */
        ReviewPage: {
            data: components["schemas"]["Review"][];
            pagination: components["schemas"]["Pagination"];
        };
        /** @description What a list of reviews says of a product. */
        ReviewedProduct: {
            /** Format: int32 */
            id: number;
            /** @example EggyPro Vanilla 1kg */
            name: string;
            /** @example eggypro-vanilla-1kg */
            slug: string;
        };
        /** @description A product that a search found. */
        SearchHit: components["schemas"]["Product"] & {
            highlight: components["schemas"]["Highlight"];
        };
        /** @description One page of what a search found, best match first. */
        SearchResults: {
            data: components["schemas"]["SearchHit"][];
            /** @description If `facets` asked for some. */
            facets?: components["schemas"]["Facets"];
            pagination: components["schemas"]["Pagination"];
        };
        /** @description What search engines show. */
        Seo: {
            /** @description At most 200 characters. */
            description?: string | null;
            /** @description At most 70 characters. */
            title?: string | null;
        };
        /** @description What search engines show. */
        SeoInput: {
            description?: string | null;
            title?: string | null;
        };
        /** @description A session that has begun. */
        Session: {
            /**
             * Format: date-time
             * @description When the token ends, fifteen minutes from now.
             */
            expires_at?: string | null;
            /** @description A bearer token that is accepted wherever the secret is; null on a server without sessions. */
            token?: string | null;
            user: components["schemas"]["User"];
        };
        /** @description A product without enough stock. */
        Shortage: {
            /**
             * Format: int32
             * @description The pieces that it has.
             * @example 1
             */
            available: number;
            /** @example eggypro-vanilla-1kg */
            slug: string;
        };
        /** @description An import that has begun. */
        StartedImport: {
            /** @example 3f0b6c1e-6d0e-4c53-9d0c-5a5be0f0c1a7 */
            id: string;
            /**
             * @description `running`
             * @example running
             */
            status: string;
        };
        /** @description What an orchestrator wants to know. */
        State: {
            /**
             * @description `healthy`
             * @example healthy
             */
            status: string;
        };
        /** @description How many products can be bought. */
        StockFacet: {
            /** Format: int64 */
            in_stock: number;
            /** Format: int64 */
            out_of_stock: number;
        };
        /** @description A product that may be meant. */
        Suggestion: {
            /** @description The leading one of its pictures. */
            image?: string | null;
            /** @example EggyPro Vanilla 1kg */
            name: string;
            /**
             * Format: double
             * @example 39.9
             */
            price: number;
            /** @example eggypro-vanilla-1kg */
            slug: string;
            /** @description What people read. */
            title: string;
        };
        /** @description At most eight products that may be meant. */
        Suggestions: {
            data: components["schemas"]["Suggestion"][];
        };
        /** @description All synonyms of the shop. */
        Synonyms: {
            /**
             * @description Groups of words and phrases that mean the same.
             * @example [
             *       [
             *         "cocoa",
             *         "cacao"
             *       ],
             *       [
             *         "albumen",
             *         "egg white"
             *       ]
             *     ]
             */
            groups: string[][];
        };
        /** @description What replaces all synonyms. */
        SynonymsInput: {
            /**
             * @description At most 1000 groups of 2 to 20 different terms. A term is a word or a phrase of 1 to 100 characters, and is in one
             *     group.
             * @example [
             *       [
             *         "cocoa",
             *         "cacao"
             *       ],
             *       [
             *         "albumen",
             *         "egg white"
             *       ]
             *     ]
             */
            groups: string[][];
        };
        /** @description The price of a unit of measure (Directive 98/6/EC), rounded to cents. */
        UnitPrice: {
            /**
             * @description `1 kg`, `1 l` or `1 piece`.
             * @example 1 kg
             */
            per: string;
            /**
             * Format: double
             * @example 39.9
             */
            price: number;
        };
        /** @description What was uploaded, in the order of the files. */
        UploadedImages: {
            images: components["schemas"]["Image"][];
        };
        /** @description Who the caller is. */
        User: {
            /** @example admin */
            id: string;
            /**
             * @example [
             *       "products:read",
             *       "products:write"
             *     ]
             */
            permissions: string[];
            /** @example admin */
            role: string;
        };
        /** @description An address of another system that receives events. */
        Webhook: {
            /** Format: date-time */
            created_at: string;
            /** @description Why the server has switched it off; null if it is active, or if a person has switched it off. */
            disabled_reason?: string | null;
            /** @example 3f0b6c1e-6d0e-4c53-9d0c-5a5be0f0c1a7 */
            id: string;
            /** @description Whether it receives events. */
            is_active: boolean;
            /**
             * @description The types of events that it receives: `*` for all, those of a group such as `product.*`, or single ones.
             * @example [
             *       "product.*",
             *       "stock.moved"
             *     ]
             */
            types: string[];
            /**
             * @description Where events are sent.
             * @example https://erp.example/hook
             */
            url: string;
        };
        /** @description A webhook to be made. */
        WebhookInput: {
            /**
             * @description Whether it receives events from the start.
             * @default true
             */
            is_active?: boolean | null;
            /**
             * @description The types of events that it receives: `*` for all, those of a group such as `product.*`, or single ones.
             * @example [
             *       "product.*",
             *       "stock.moved"
             *     ]
             */
            types: string[];
            /**
             * @description Where events are sent: an https URL of a public address, without a user name, a password and a fragment.
             * @example https://erp.example/hook
             */
            url: string;
        };
        /** @description All webhooks. */
        WebhookList: {
            data: components["schemas"]["Webhook"][];
        };
        /** @description What is to change of a webhook (RFC 7396): absent fields stay, null takes a field that has a default back to it. */
        WebhookPatch: {
            /** @description Whether it receives events from now on. With `false`, events that wait are dropped. */
            is_active?: boolean | null;
            /**
             * @description The types of events that it receives from now on. Events that wait are sent all the same.
             * @example [
             *       "product.*",
             *       "stock.moved"
             *     ]
             */
            types?: string[];
            /**
             * @description Where events are sent from now on, also those that wait.
             * @example https://erp.example/hook
             */
            url?: string;
        };
        /** @description The result of a test. */
        WebhookTest: {
            /**
             * @description What went wrong, for people; null if the receiver has accepted the event.
             * @example null
             */
            error?: string | null;
            /**
             * Format: int64
             * @description How long the answer or the failure took.
             * @example 38
             */
            milliseconds: number;
            /**
             * Format: int32
             * @description The status of the receiver's answer; null if there was none.
             * @example 204
             */
            status?: number | null;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: {
        /**
         * @description The methods that the address has
         * @example GET, HEAD
         */
        Allow: string;
        /**
         * @description Names the state of what is answered
         * @example "7-4"
         */
        ETag: string;
        /**
         * @description `true` if this repeats the first answer to its Idempotency-Key
         * @example true
         */
        "Idempotent-Replayed": string;
        /**
         * @description The next page (RFC 8288), where there is one
         * @example </api/products?cursor=Zm9v>; rel="next"
         */
        Link: string;
        /**
         * @description Where it is
         * @example /api/products/eggypro-vanilla-1kg
         */
        Location: string;
        /**
         * @description Requests in a window
         * @example 100
         */
        "RateLimit-Limit": number;
        /**
         * @description Requests that are left of it
         * @example 99
         */
        "RateLimit-Remaining": number;
        /**
         * @description Seconds until the next window begins
         * @example 900
         */
        "RateLimit-Reset": number;
        /**
         * @description Seconds until it is worth another try
         * @example 2
         */
        "Retry-After": number;
        /**
         * @description How to authenticate
         * @example Bearer
         */
        "WWW-Authenticate": string;
        /**
         * @description Names the request in the log
         * @example 3f0b6c1e-6d0e-4c53-9d0c-5a5be0f0c1a7
         */
        "X-Request-Id": string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    greet: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of what the caller has: the answer is a 304 if it is the latest */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The API and its documents */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Greeting"];
                };
            };
        };
    };
    readCaller: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Who the caller is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Caller"];
                };
            };
        };
    };
    beginSession: {
        parameters: {
            query?: never;
            header?: {
                /** @description A key of the caller's choice: within 24 hours a repetition with the same key gets the first answer, and nothing is written again. Each caller has its own keys. An API key and the keys that replaced it count as one caller */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Who the caller is, and a token for fifteen minutes */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
        };
    };
    endSession: {
        parameters: {
            query?: never;
            header?: {
                /** @description A key of the caller's choice: within 24 hours a repetition with the same key gets the first answer, and nothing is written again. Each caller has its own keys. An API key and the keys that replaced it count as one caller */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It has ended */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    listCategories: {
        parameters: {
            query?: {
                /** @description `active` (the default), `inactive` or `all`; for administrators. */
                status?: "active" | "inactive" | "all";
            };
            header?: {
                /** @description The ETag of what the caller has: the answer is a 304 if it is the latest */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The categories, by name */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CategoryList"];
                };
            };
        };
    };
    createCategory: {
        parameters: {
            query?: never;
            header?: {
                /** @description A key of the caller's choice: within 24 hours a repetition with the same key gets the first answer, and nothing is written again. Each caller has its own keys. An API key and the keys that replaced it count as one caller */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "description": "Boxes with something of everything.",
                 *       "name": "Gift sets"
                 *     }
                 */
                "application/json": components["schemas"]["CategoryInput"];
            };
        };
        responses: {
            /** @description The category */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Category"];
                };
            };
        };
    };
    readCategory: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of what the caller has: the answer is a 304 if it is the latest */
                "If-None-Match"?: string;
            };
            path: {
                /** @description The category's slug */
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The category; its ETag carries its version */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Category"];
                };
            };
        };
    };
    replaceCategory: {
        parameters: {
            query?: never;
            header?: {
                /** @description An ETag of the state that is to be replaced */
                "If-Match"?: string;
                /** @description A key of the caller's choice: within 24 hours a repetition with the same key gets the first answer, and nothing is written again. Each caller has its own keys. An API key and the keys that replaced it count as one caller */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The category's slug */
                slug: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "description": "Boxes with something of everything.",
                 *       "name": "Gift sets"
                 *     }
                 */
                "application/json": components["schemas"]["CategoryInput"];
            };
        };
        responses: {
            /** @description The category as it now stands */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Category"];
                };
            };
        };
    };
    deleteCategory: {
        parameters: {
            query?: never;
            header?: {
                /** @description An ETag of the state that is to be deleted */
                "If-Match"?: string;
                /** @description A key of the caller's choice: within 24 hours a repetition with the same key gets the first answer, and nothing is written again. Each caller has its own keys. An API key and the keys that replaced it count as one caller */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The category's slug */
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    listChanges: {
        parameters: {
            query?: {
                /** @description Changes of this kind of thing only. */
                resource?: "product" | "category" | "review" | "image" | "key" | "session" | "synonyms" | "webhook";
                /** @description Changes of the product or category of this slug, and of reviews of that product, only. */
                slug?: string;
                /** @description Changes by this actor only: a kind, such as `database`, or the id of one. */
                actor?: string;
                /** @description Changes from this time on only (RFC 3339). */
                since?: string;
                /** @description Changes before this time only (RFC 3339). */
                until?: string;
                /** @description How many a page has at most. */
                limit?: number;
                /** @description The `next_cursor` of a page with the same filters. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of changes */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChangePage"];
                };
            };
        };
    };
    listEvents: {
        parameters: {
            query?: {
                /**
                 * @description The `next_cursor` of the page before; `latest` for what happens from now on. Without it, from the oldest that is
                 *     kept.
                 */
                after?: string;
                /** @description Events of these types only, repeated or with commas between them. */
                types?: ("product.created" | "product.updated" | "product.deleted" | "product.back_in_stock" | "product.low_stock" | "category.created" | "category.updated" | "category.deleted" | "review.submitted" | "review.verified" | "review.unverified" | "review.deleted" | "stock.moved" | "webhook.disabled")[];
                /** @description How many a page has at most. */
                limit?: number;
                /** @description How many seconds an empty page waits for the next event. */
                wait?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of events, perhaps an empty one */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventPage"];
                };
            };
        };
    };
    readFeedReport: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The findings */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FeedReport"];
                };
            };
        };
    };
    health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All that is needed is well */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    live: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It runs */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["State"];
                };
            };
        };
    };
    ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description They can */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["State"];
                };
            };
        };
    };
    uploadImages: {
        parameters: {
            query?: never;
            header?: {
                /** @description A key of the caller's choice: within 24 hours a repetition with the same key gets the first answer, and nothing is written again. Each caller has its own keys. An API key and the keys that replaced it count as one caller */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": components["schemas"]["Files"];
            };
        };
        responses: {
            /** @description The images */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UploadedImages"];
                };
            };
        };
    };
    deleteImage: {
        parameters: {
            query?: never;
            header?: {
                /** @description A key of the caller's choice: within 24 hours a repetition with the same key gets the first answer, and nothing is written again. Each caller has its own keys. An API key and the keys that replaced it count as one caller */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The image's id, whose slashes need not be encoded */
                public_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    listImports: {
        parameters: {
            query?: {
                /** @description How many a page has at most. */
                limit?: number;
                /** @description The `next_cursor` of a page. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of imports */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportPage"];
                };
            };
        };
    };
    importProducts: {
        parameters: {
            query?: {
                /** @description `auto` (the default) finds it from the file. */
                format?: "auto" | "csv" | "ndjson" | "shopify" | "woocommerce";
                /**
                 * @description `upsert` (the default) creates and changes products, `create` and `update` refuse the rows of products that exist or
                 *     that don't.
                 */
                mode?: "upsert" | "create" | "update";
                /** @description With `true`, nothing is written: the rows are checked and counted, and the import has a `preview`. */
                dry_run?: boolean;
            };
            header?: {
                /** @description A key of the caller's choice: within 24 hours a repetition with the same key gets the first answer, and nothing is written again. Each caller has its own keys. An API key and the keys that replaced it count as one caller */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description The file, of at most 200 MB */
        requestBody: {
            content: {
                /** @example {"sku":"EP-VAN-1000","price":39.90} */
                "application/x-ndjson": string;
                "multipart/form-data": components["schemas"]["ImportForm"];
                /**
                 * @example sku,price
                 *     EP-VAN-1000,39.90
                 */
                "text/csv": string;
            };
        };
        responses: {
            /** @description The file is complete, and the import has begun */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StartedImport"];
                };
            };
        };
    };
    readImport: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The import's id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The import */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Import"];
                };
            };
        };
    };
    cancelImport: {
        parameters: {
            query?: never;
            header?: {
                /** @description A key of the caller's choice: within 24 hours a repetition with the same key gets the first answer, and nothing is written again. Each caller has its own keys. An API key and the keys that replaced it count as one caller */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The import's id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The import, cancelled */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Import"];
                };
            };
        };
    };
    readImportErrors: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The import's id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
        };
    };
    listKeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All keys */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKeyList"];
                };
            };
        };
    };
    createKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description A key of the caller's choice: within 24 hours a repetition with the same key gets the first answer, and nothing is written again. Each caller has its own keys. An API key and the keys that replaced it count as one caller */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Warehouse",
                 *       "permissions": [
                 *         "products:read",
                 *         "products:write"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["ApiKeyInput"];
            };
        };
        responses: {
            /** @description The key with its secret */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FreshApiKey"];
                };
            };
        };
    };
    revokeKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description A key of the caller's choice: within 24 hours a repetition with the same key gets the first answer, and nothing is written again. Each caller has its own keys. An API key and the keys that replaced it count as one caller */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The key's id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It has ended */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    rotateKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description A key of the caller's choice: within 24 hours a repetition with the same key gets the first answer, and nothing is written again. Each caller has its own keys. An API key and the keys that replaced it count as one caller */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The key's id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "overlap_seconds": 3600
                 *     }
                 */
                "application/json": components["schemas"]["ApiKeyRotation"];
            };
        };
        responses: {
            /** @description The new key with its secret */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FreshApiKey"];
                };
            };
        };
    };
    readMetrics: {
        parameters: {
            query?: {
                /** @description How many days to go back. */
                days?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How each route and method went */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Metrics"];
                };
            };
        };
    };
    listProducts: {
        parameters: {
            query?: {
                /** @description Only products in a category of one of these slugs. */
                category?: string[];
                /** @description `true`: only products with a stock of 1 or more. */
                inStock?: boolean;
                /** @description Only products that cost at least this. */
                minPrice?: number;
                /** @description Only products that cost at most this. */
                maxPrice?: number;
                /** @description Only products with at least so many stars on average. */
                minRating?: number;
                /** @description Only products of this group. */
                group?: string;
                /** @description Only products that state their allergens, and none of these. Traces don't count. */
                allergenFree?: string[];
                /** @description Only products that suit all of these diets. */
                diet?: string[];
                /** @description Only products with so many grams of protein in 100 g or 100 ml, or more. */
                minProtein?: number;
                /** @description Only the products of these ids. */
                ids?: number[];
                /** @description Only products whose title, name or description contains this text, in any case. */
                search?: string;
                /** @description `active`, `inactive` or `all`; for administrators. Lists have active products by default, exports all. */
                status?: "active" | "inactive" | "all";
                /** @description `low` (at `low_stock_at` or below, but not sold out), `out` (sold out), or both; for administrators. */
                stock?: ("low" | "out")[];
                /**
                 * @description `name-asc` (the default), `name-desc`, `price-asc`, `price-desc`, `newest`, `rating-desc`, `protein-desc`,
                 *     `unit-price-asc` or `protein-price-asc` (the price of 100 g of protein). Titles compare without regard to case and
                 *     accents, numbers by value; ties are broken by id in the same direction; products that lack what a sort goes by
                 *     come last.
                 */
                sort?: "name-asc" | "name-desc" | "price-asc" | "price-desc" | "newest" | "rating-desc" | "protein-desc" | "unit-price-asc" | "protein-price-asc";
                /** @description How many a page has at most. */
                limit?: number;
                /** @description How many to skip; beyond 10 000 use `cursor`. */
                offset?: number;
                /** @description The `next_cursor` of a page with the same text, sort and filters; not together with `offset`. */
                cursor?: string;
                /**
                 * @description Facets to count, each of which ignores its own filter: some of `category`, `price`,
                 *     `rating`, `stock`, `diet` and `allergen`.
                 */
                facets?: ("category" | "price" | "rating" | "stock" | "diet" | "allergen")[];
                /** @description Answer with these members of products alone. */
                fields?: ("id" | "name" | "slug" | "description" | "details" | "price" | "images" | "media" | "ingredients" | "stock_quantity" | "is_active" | "categories" | "rating" | "publish_at" | "unpublish_at" | "low_stock_at" | "title" | "sku" | "gtin" | "brand" | "currency" | "list_price" | "net_content" | "unit_price" | "food" | "group" | "options" | "seo" | "version" | "created_at" | "updated_at")[];
            };
            header?: {
                /** @description The ETag of what the caller has: the answer is a 304 if it is the latest */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of products */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProductPage"];
                };
            };
        };
    };
    createProduct: {
        parameters: {
            query?: never;
            header?: {
                /** @description A key of the caller's choice: within 24 hours a repetition with the same key gets the first answer, and nothing is written again. Each caller has its own keys. An API key and the keys that replaced it count as one caller */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "description": "Egg white protein with cocoa.",
                 *       "details": "80 g of protein in 100 g. Keep dry.",
                 *       "images": [
                 *         "https://images.example/cocoa.jpg"
                 *       ],
                 *       "ingredients": [
                 *         "Egg white protein",
                 *         "Cocoa"
                 *       ],
                 *       "name": "EggyPro Cocoa 500g",
                 *       "price": 24.9,
                 *       "stock_quantity": 40
                 *     }
                 */
                "application/json": components["schemas"]["ProductInput"];
            };
        };
        responses: {
            /** @description The product */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Product"];
                };
            };
        };
    };
    writeProducts: {
        parameters: {
            query?: never;
            header?: {
                /** @description A key of the caller's choice: within 24 hours a repetition with the same key gets the first answer, and nothing is written again. Each caller has its own keys. An API key and the keys that replaced it count as one caller */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "atomic": true,
                 *       "operations": [
                 *         {
                 *           "action": "patch",
                 *           "body": {
                 *             "price": 34.9
                 *           },
                 *           "slug": "eggypro-vanilla-1kg"
                 *         },
                 *         {
                 *           "action": "stock",
                 *           "body": {
                 *             "change": 5,
                 *             "reason": "delivery"
                 *           },
                 *           "slug": "eggypro-cocoa-1kg"
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["BulkInput"];
            };
        };
        responses: {
            /** @description What became of each operation, in order */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkResults"];
                };
            };
        };
    };
    exportProducts: {
        parameters: {
            query?: {
                /** @description `csv` (the default) or `ndjson`. */
                format?: string;
                /** @description Only products in a category of one of these slugs. */
                category?: string[];
                /** @description `true`: only products with a stock of 1 or more. */
                inStock?: boolean;
                /** @description Only products that cost at least this. */
                minPrice?: number;
                /** @description Only products that cost at most this. */
                maxPrice?: number;
                /** @description Only products with at least so many stars on average. */
                minRating?: number;
                /** @description Only products of this group. */
                group?: string;
                /** @description Only products that state their allergens, and none of these. Traces don't count. */
                allergenFree?: string[];
                /** @description Only products that suit all of these diets. */
                diet?: string[];
                /** @description Only products with so many grams of protein in 100 g or 100 ml, or more. */
                minProtein?: number;
                /** @description Only the products of these ids. */
                ids?: number[];
                /** @description Only products whose title, name or description contains this text, in any case. */
                search?: string;
                /** @description `active`, `inactive` or `all`; for administrators. Lists have active products by default, exports all. */
                status?: "active" | "inactive" | "all";
                /** @description `low` (at `low_stock_at` or below, but not sold out), `out` (sold out), or both; for administrators. */
                stock?: ("low" | "out")[];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
        };
    };
    searchProducts: {
        parameters: {
            query: {
                /** @description What to find; typing errors are forgiven. A SKU, a GTIN or a slug puts its product first. */
                q: string;
                /** @description `relevance` (the default) or an order of lists. */
                sort?: "relevance" | "name-asc" | "name-desc" | "price-asc" | "price-desc" | "newest" | "rating-desc" | "protein-desc" | "unit-price-asc" | "protein-price-asc";
                /** @description `active` (the default), `inactive` or `all`; for administrators. */
                status?: "active" | "inactive" | "all";
                /** @description Only products in a category of one of these slugs. */
                category?: string[];
                /** @description `true`: only products with a stock of 1 or more. */
                inStock?: boolean;
                /** @description Only products that cost at least this. */
                minPrice?: number;
                /** @description Only products that cost at most this. */
                maxPrice?: number;
                /** @description Only products with at least so many stars on average. */
                minRating?: number;
                /** @description Only products of this group. */
                group?: string;
                /** @description Only products that state their allergens, and none of these. Traces don't count. */
                allergenFree?: string[];
                /** @description Only products that suit all of these diets. */
                diet?: string[];
                /** @description Only products with so many grams of protein in 100 g or 100 ml, or more. */
                minProtein?: number;
                /** @description Only the products of these ids. */
                ids?: number[];
                /** @description How many a page has at most. */
                limit?: number;
                /** @description How many to skip; beyond 10 000 use `cursor`. */
                offset?: number;
                /** @description The `next_cursor` of a page with the same text, sort and filters; not together with `offset`. */
                cursor?: string;
                /**
                 * @description Facets to count, each of which ignores its own filter: some of `category`, `price`,
                 *     `rating`, `stock`, `diet` and `allergen`.
                 */
                facets?: ("category" | "price" | "rating" | "stock" | "diet" | "allergen")[];
                /** @description Answer with these members of products alone. */
                fields?: ("id" | "name" | "slug" | "description" | "details" | "price" | "images" | "media" | "ingredients" | "stock_quantity" | "is_active" | "categories" | "rating" | "publish_at" | "unpublish_at" | "low_stock_at" | "title" | "sku" | "gtin" | "brand" | "currency" | "list_price" | "net_content" | "unit_price" | "food" | "group" | "options" | "seo" | "version" | "created_at" | "updated_at" | "highlight")[];
            };
            header?: {
                /** @description The ETag of what the caller has: the answer is a 304 if it is the latest */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of products, best match first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SearchResults"];
                };
            };
        };
    };
    suggestProducts: {
        parameters: {
            query: {
                /** @description What was typed so far. */
                q: string;
            };
            header?: {
                /** @description The ETag of what the caller has: the answer is a 304 if it is the latest */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description At most eight products that may be meant */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Suggestions"];
                };
            };
        };
    };
    readProduct: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of what the caller has: the answer is a 304 if it is the latest */
                "If-None-Match"?: string;
            };
            path: {
                /** @description The product's slug */
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The product; its ETag carries its version */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Product"];
                };
            };
        };
    };
    replaceProduct: {
        parameters: {
            query?: never;
            header?: {
                /** @description An ETag of the state that is to be replaced */
                "If-Match"?: string;
                /** @description A key of the caller's choice: within 24 hours a repetition with the same key gets the first answer, and nothing is written again. Each caller has its own keys. An API key and the keys that replaced it count as one caller */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The product's slug */
                slug: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "description": "Egg white protein with cocoa.",
                 *       "details": "80 g of protein in 100 g. Keep dry.",
                 *       "images": [
                 *         "https://images.example/cocoa.jpg"
                 *       ],
                 *       "ingredients": [
                 *         "Egg white protein",
                 *         "Cocoa"
                 *       ],
                 *       "name": "EggyPro Cocoa 500g",
                 *       "price": 24.9,
                 *       "stock_quantity": 40
                 *     }
                 */
                "application/json": components["schemas"]["ProductInput"];
            };
        };
        responses: {
            /** @description The product as it now stands */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Product"];
                };
            };
        };
    };
    deleteProduct: {
        parameters: {
            query?: {
                /** @description `true`: removes the product with its reviews, its category links and its stored images. */
                permanent?: boolean;
            };
            header?: {
                /** @description An ETag of the state that is to be deleted */
                "If-Match"?: string;
                /** @description A key of the caller's choice: within 24 hours a repetition with the same key gets the first answer, and nothing is written again. Each caller has its own keys. An API key and the keys that replaced it count as one caller */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The product's slug */
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The product is inactive and its data stay, or it is removed */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    patchProduct: {
        parameters: {
            query?: never;
            header?: {
                /** @description An ETag of the state that is to be changed */
                "If-Match"?: string;
                /** @description A key of the caller's choice: within 24 hours a repetition with the same key gets the first answer, and nothing is written again. Each caller has its own keys. An API key and the keys that replaced it count as one caller */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The product's slug */
                slug: string;
            };
            cookie?: never;
        };
        /** @description A merge patch, RFC 7396 */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "price": 22.9
                 *     }
                 */
                "application/json": components["schemas"]["ProductPatch"];
                "application/merge-patch+json": components["schemas"]["ProductPatch"];
            };
        };
        responses: {
            /** @description The product as it now stands */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Product"];
                };
            };
        };
    };
    uploadProductImages: {
        parameters: {
            query?: never;
            header?: {
                /** @description A key of the caller's choice: within 24 hours a repetition with the same key gets the first answer, and nothing is written again. Each caller has its own keys. An API key and the keys that replaced it count as one caller */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The product's slug */
                slug: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": components["schemas"]["Files"];
            };
        };
        responses: {
            /** @description The images */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UploadedImages"];
                };
            };
        };
    };
    readProductJsonld: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of what the caller has: the answer is a 304 if it is the latest */
                "If-None-Match"?: string;
            };
            path: {
                /** @description The product's slug */
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A `Product`, or the `ProductGroup` of its variants */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/ld+json": unknown;
                };
            };
        };
    };
    listReviews: {
        parameters: {
            query?: {
                /** @description Only reviews of so many stars. */
                rating?: number;
                /** @description `newest` (the default), `oldest`, `rating-desc` or `rating-asc`. */
                sort?: "newest" | "oldest" | "rating-desc" | "rating-asc";
                /** @description How many a page has at most. */
                limit?: number;
                /** @description How many to skip; beyond 10 000 use `cursor`. */
                offset?: number;
                /** @description The `next_cursor` of a page with the same sort and filters; not together with `offset`. */
                cursor?: string;
                /** @description `true` (the default), `false` or `all`; for moderators. */
                verified?: "true" | "false" | "all";
            };
            header?: {
                /** @description The ETag of what the caller has: the answer is a 304 if it is the latest */
                "If-None-Match"?: string;
            };
            path: {
                /** @description The product's slug */
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of reviews */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReviewPage"];
                };
            };
        };
    };
    createReview: {
        parameters: {
            query?: never;
            header?: {
                /** @description A key of the caller's choice: within 24 hours a repetition with the same key gets the first answer, and nothing is written again. Each caller has its own keys. An API key and the keys that replaced it count as one caller */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The product's slug */
                slug: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "comment": "Mixes well and tastes of vanilla.",
                 *       "rating": 5,
                 *       "reviewer_name": "Ada"
                 *     }
                 */
                "application/json": components["schemas"]["ReviewInput"];
            };
        };
        responses: {
            /** @description The review, which is not verified */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Review"];
                };
            };
        };
    };
    listMovements: {
        parameters: {
            query?: {
                /** @description How many a page has at most. */
                limit?: number;
                /** @description The `next_cursor` of a page. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description The product's slug */
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of movements */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MovementPage"];
                };
            };
        };
    };
    makeMovement: {
        parameters: {
            query?: never;
            header?: {
                /** @description A key of the caller's choice: within 24 hours a repetition with the same key gets the first answer, and nothing is written again. Each caller has its own keys. An API key and the keys that replaced it count as one caller */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The product's slug */
                slug: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "change": -2,
                 *       "reason": "sale",
                 *       "reference": "order-1001"
                 *     }
                 */
                "application/json": components["schemas"]["MovementInput"];
            };
        };
        responses: {
            /** @description The movement */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Movement"];
                };
            };
        };
    };
    createReservation: {
        parameters: {
            query?: never;
            header?: {
                /** @description A key of the caller's choice: within 24 hours a repetition with the same key gets the first answer, and nothing is written again. Each caller has its own keys. An API key and the keys that replaced it count as one caller */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "expires_in": 900,
                 *       "lines": [
                 *         {
                 *           "quantity": 2,
                 *           "slug": "eggypro-vanilla-1kg"
                 *         }
                 *       ],
                 *       "reference": "order-1001"
                 *     }
                 */
                "application/json": components["schemas"]["ReservationInput"];
            };
        };
        responses: {
            /** @description The reservation */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reservation"];
                };
            };
        };
    };
    readReservation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The reservation's id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The reservation */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reservation"];
                };
            };
        };
    };
    confirmReservation: {
        parameters: {
            query?: never;
            header?: {
                /** @description A key of the caller's choice: within 24 hours a repetition with the same key gets the first answer, and nothing is written again. Each caller has its own keys. An API key and the keys that replaced it count as one caller */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The reservation's id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The reservation, confirmed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reservation"];
                };
            };
        };
    };
    releaseReservation: {
        parameters: {
            query?: never;
            header?: {
                /** @description A key of the caller's choice: within 24 hours a repetition with the same key gets the first answer, and nothing is written again. Each caller has its own keys. An API key and the keys that replaced it count as one caller */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The reservation's id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The reservation, released */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reservation"];
                };
            };
        };
    };
    listAllReviews: {
        parameters: {
            query?: {
                /** @description `false` (the default: those that wait), `true` or `all`. */
                verified?: "true" | "false" | "all";
                /** @description Only reviews of the product of this slug, active or not. */
                product?: string;
                /** @description How many a page has at most. */
                limit?: number;
                /** @description How many to skip; beyond 10 000 use `cursor`. */
                offset?: number;
                /** @description The `next_cursor` of a page with the same filters; not together with `offset`. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of reviews */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModerationPage"];
                };
            };
        };
    };
    decideReviews: {
        parameters: {
            query?: never;
            header?: {
                /** @description A key of the caller's choice: within 24 hours a repetition with the same key gets the first answer, and nothing is written again. Each caller has its own keys. An API key and the keys that replaced it count as one caller */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "decision": "verify",
                 *       "ids": [
                 *         1,
                 *         2
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["BulkDecision"];
            };
        };
        responses: {
            /** @description What became of each */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkDecisionResults"];
                };
            };
        };
    };
    deleteReview: {
        parameters: {
            query?: never;
            header?: {
                /** @description A key of the caller's choice: within 24 hours a repetition with the same key gets the first answer, and nothing is written again. Each caller has its own keys. An API key and the keys that replaced it count as one caller */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The review's id */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    verifyReview: {
        parameters: {
            query?: never;
            header?: {
                /** @description A key of the caller's choice: within 24 hours a repetition with the same key gets the first answer, and nothing is written again. Each caller has its own keys. An API key and the keys that replaced it count as one caller */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The review's id */
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "is_verified": true
                 *     }
                 */
                "application/json": components["schemas"]["ReviewDecision"];
            };
        };
        responses: {
            /** @description The review as it now stands */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Review"];
                };
            };
        };
    };
    checkIndex: {
        parameters: {
            query?: never;
            header?: {
                /** @description A key of the caller's choice: within 24 hours a repetition with the same key gets the first answer, and nothing is written again. Each caller has its own keys. An API key and the keys that replaced it count as one caller */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What differed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IndexComparison"];
                };
            };
        };
    };
    readSynonyms: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of what the caller has: the answer is a 304 if it is the latest */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All synonyms; the ETag carries their version */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Synonyms"];
                };
            };
        };
    };
    replaceSynonyms: {
        parameters: {
            query?: never;
            header?: {
                /** @description An ETag of the synonyms that are to be replaced */
                "If-Match"?: string;
                /** @description A key of the caller's choice: within 24 hours a repetition with the same key gets the first answer, and nothing is written again. Each caller has its own keys. An API key and the keys that replaced it count as one caller */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "groups": [
                 *         [
                 *           "cocoa",
                 *           "cacao"
                 *         ],
                 *         [
                 *           "albumen",
                 *           "egg white"
                 *         ]
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["SynonymsInput"];
            };
        };
        responses: {
            /** @description All synonyms as they are now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Synonyms"];
                };
            };
        };
    };
    makeMovements: {
        parameters: {
            query?: never;
            header?: {
                /** @description A key of the caller's choice: within 24 hours a repetition with the same key gets the first answer, and nothing is written again. Each caller has its own keys. An API key and the keys that replaced it count as one caller */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "lines": [
                 *         {
                 *           "change": -2,
                 *           "slug": "eggypro-vanilla-1kg"
                 *         },
                 *         {
                 *           "change": -1,
                 *           "slug": "eggypro-cocoa-1kg"
                 *         }
                 *       ],
                 *       "reason": "sale",
                 *       "reference": "order-1001"
                 *     }
                 */
                "application/json": components["schemas"]["MovementsInput"];
            };
        };
        responses: {
            /** @description The movements, one for each product */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Movements"];
                };
            };
        };
    };
    listWebhooks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All webhooks */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookList"];
                };
            };
        };
    };
    createWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description A key of the caller's choice: within 24 hours a repetition with the same key gets the first answer, and nothing is written again. Each caller has its own keys. An API key and the keys that replaced it count as one caller */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "types": [
                 *         "product.*",
                 *         "stock.moved"
                 *       ],
                 *       "url": "https://erp.example/hook"
                 *     }
                 */
                "application/json": components["schemas"]["WebhookInput"];
            };
        };
        responses: {
            /** @description The webhook with its secret */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FreshWebhook"];
                };
            };
        };
    };
    readWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The webhook's id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The webhook */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
        };
    };
    deleteWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description A key of the caller's choice: within 24 hours a repetition with the same key gets the first answer, and nothing is written again. Each caller has its own keys. An API key and the keys that replaced it count as one caller */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The webhook's id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    patchWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description A key of the caller's choice: within 24 hours a repetition with the same key gets the first answer, and nothing is written again. Each caller has its own keys. An API key and the keys that replaced it count as one caller */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The webhook's id */
                id: string;
            };
            cookie?: never;
        };
        /** @description A merge patch, RFC 7396 */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "is_active": false
                 *     }
                 */
                "application/json": components["schemas"]["WebhookPatch"];
                "application/merge-patch+json": components["schemas"]["WebhookPatch"];
            };
        };
        responses: {
            /** @description The webhook as it now stands */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
        };
    };
    listDeliveries: {
        parameters: {
            query?: {
                /** @description How many a page has at most. */
                limit?: number;
                /** @description The `next_cursor` of a page. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description The webhook's id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of deliveries */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryPage"];
                };
            };
        };
    };
    retryDelivery: {
        parameters: {
            query?: never;
            header?: {
                /** @description A key of the caller's choice: within 24 hours a repetition with the same key gets the first answer, and nothing is written again. Each caller has its own keys. An API key and the keys that replaced it count as one caller */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The webhook's id */
                id: string;
                /** @description The event's id */
                event: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is sent soon */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RetriedDelivery"];
                };
            };
        };
    };
    rotateWebhookSecret: {
        parameters: {
            query?: never;
            header?: {
                /** @description A key of the caller's choice: within 24 hours a repetition with the same key gets the first answer, and nothing is written again. Each caller has its own keys. An API key and the keys that replaced it count as one caller */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The webhook's id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The webhook with its new secret */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FreshWebhook"];
                };
            };
        };
    };
    testWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description A key of the caller's choice: within 24 hours a repetition with the same key gets the first answer, and nothing is written again. Each caller has its own keys. An API key and the keys that replaced it count as one caller */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The webhook's id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What the receiver answered, or why there is no answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookTest"];
                };
            };
        };
    };
    readGoogleFeed: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of what the caller has: the answer is a 304 if it is the latest */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description RSS 2.0 */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/xml": string;
                };
            };
        };
    };
    readOpenaiFeed: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of what the caller has: the answer is a 304 if it is the latest */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description JSON Lines in a gzip file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/gzip": string;
                };
            };
        };
    };
    readSitemap: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of what the caller has: the answer is a 304 if it is the latest */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A sitemap of sitemaps.org 0.9, or an index of them */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/xml": string;
                };
            };
        };
    };
}
