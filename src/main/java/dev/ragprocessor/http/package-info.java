/**
 * Routes, the page, status codes, problem+json errors and authentication: what a request means and
 * what it is answered. No SQL and no parsing of documents. Read {@code DeliveryRoutes} first.
 */
@NullMarked
package dev.ragprocessor.http;

import org.jspecify.annotations.NullMarked;
