// Package ui renders pages: typed views, templates and assets, all embedded.
//
// It stands on the fourth floor beside internal/web and knows neither HTTP nor
// services. A view struct holds what a page shows, already chosen and in the
// reader's language where it comes from data; a template lays it out and takes
// every word of the interface from the message catalogue through [Page.T].
//
// Templates are written in templ (*.templ) and compiled to Go (*_templ.go,
// committed): a wrong field is a compile error rather than a broken page, and
// a page costs a fraction of what html/template takes. After a change run
// “go generate ./internal/web/ui”.
//
// The content security policy allows nothing inline, so widths and angles are
// drawn as SVG attributes and never as style attributes.
package ui

//go:generate go run github.com/a-h/templ/cmd/templ@v0.3.977 generate -path .
