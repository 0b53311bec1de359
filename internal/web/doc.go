// Package web serves pages and the JSON API over HTTP.
//
// It stands on the fourth floor and is the only importer of echo. This package
// holds the server itself: configuration, middleware, the table of routes with
// the permission of each on its line ([Server.Routes] lists them for a test),
// health and metrics. Around it:
//
//	edge     what a request carries, how an error leaves
//	backend  what is asked of the services; the line nothing private crosses
//	portal   pages for visitors
//	api      JSON v1 with OpenAPI 3.1
//	ui       typed views, templates, assets
//
// A handler returns an error; one function turns it into a page or a problem
// document with the id of the request, and the cause goes to the log only.
package web
