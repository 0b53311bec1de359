package api

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/url"
	"reflect"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/transfer"
	"jinghe/internal/web/backend"
)

// Exchanger gives out what other cities may take in, and takes in what they
// give out, as JSON or as a workbook: the same for the API, the console and the
// command line. It is immutable.
type Exchanger struct {
	Catalogue    backend.Catalogue // of a visitor
	Registry     *registry.Registry
	Dictionaries func() *scene.Dictionaries
	Site, Name   string // address and name of this centre; without an address it gives nothing out
	Now          func() time.Time
}

// Exchanger is that of this site.
func (a *API) Exchanger() *Exchanger {
	return &Exchanger{
		Catalogue: a.Services.Catalogue, Registry: a.Services.Registry, Dictionaries: a.Services.Dictionaries,
		Site: a.PublicURL, Name: a.Source, Now: a.Now,
	}
}

// Given counts the entries of a document.
type Given struct {
	Opportunities int `json:"opportunities"`
	Capabilities  int `json:"capabilities"`
}

// Give returns what writes, as JSON or as a workbook, everything that is open here
// and is this city's own, without contacts, at the cost of a page of rows; and when
// it was made. Without an address of its own it is a Precondition error. A workbook
// writes nothing before every row was read.
func (x *Exchanger) Give(ctx context.Context, format transfer.Format) (write func(io.Writer) (Given, error), made time.Time, err error) {
	head, err := x.head()
	if err != nil {
		return nil, time.Time{}, err
	}
	return func(w io.Writer) (given Given, err error) {
		err = x.poured(head, &given).as(ctx, format, w)
		return given, scene.Wrap("api.Exchanger.Give", err)
	}, head.Made, nil
}

// poured is what is given, to be written while it is read and counted in given.
func (x *Exchanger) poured(head exchangeHeadOf, given *Given) *poured {
	return &poured{head: head, lists: []pouredList{
		pouredFrom("opportunities", x.Catalogue.Opportunities, func(o *scene.Opportunity) bool { return !o.Foreign() },
			func(o *scene.Opportunity) Opportunity { given.Opportunities++; return opportunityOf(o, head.Made) }),
		pouredFrom("capabilities", x.Catalogue.Capabilities, func(c *scene.Capability) bool { return !c.Foreign() },
			func(c *scene.Capability) Capability { given.Capabilities++; return capabilityOf(c, head.Made) }),
	}}
}

// head is that of a document.
func (x *Exchanger) head() (exchangeHeadOf, error) {
	if x.Site == "" {
		return exchangeHeadOf{}, &scene.Error{Code: scene.Precondition, Op: "api.Exchanger.Give", Key: "exchange.no_address"}
	}
	return exchangeHeadOf{exchangeFormat, ExchangeOrigin{x.Site, cmp.Or(x.Name, x.Site)}, x.Now().UTC()}, nil
}

// Take brings in what another city gives out; see [registry.Registry.TakeForeign].
// A document without a proper address, or this city's own, is Invalid.
func (x *Exchanger) Take(ctx context.Context, by scene.Actor, doc *Exchange) (registry.ForeignReport, error) {
	const op = "api.Exchanger.Take"
	origin := doc.Origin
	u, err := url.Parse(origin.Site)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || strings.TrimRight(origin.Site, "/") != origin.Site {
		return registry.ForeignReport{}, &scene.Error{Code: scene.Invalid, Op: op, Key: "exchange.site"}
	}
	if origin.Site == x.Site {
		return registry.ForeignReport{}, &scene.Error{Code: scene.Invalid, Op: op, Key: "exchange.own"}
	}
	d := x.Dictionaries()
	entries := make([]registry.Entry, 0, len(doc.Opportunities)+len(doc.Capabilities))
	for i := range doc.Opportunities {
		o := foreignNeed(&doc.Opportunities[i], origin, d)
		entries = append(entries, registry.Entry{Opportunity: &o})
	}
	for i := range doc.Capabilities {
		c := foreignOffer(&doc.Capabilities[i], origin, d)
		entries = append(entries, registry.Entry{Capability: &c})
	}
	report, err := x.Registry.TakeForeign(ctx, by, origin.Site, entries)
	return report, scene.Wrap(op, err)
}

// ExchangeJSON is a document of the exchange as JSON; the workbook is [transfer.XLSX].
const ExchangeJSON transfer.Format = "json"

// as writes a document as a workbook or as JSON.
func (p *poured) as(ctx context.Context, format transfer.Format, w io.Writer) error {
	if format == transfer.XLSX {
		return p.writeBook(ctx, w)
	}
	return p.write(ctx, w)
}

// ReadExchange reads a document, whichever of both forms it has. What does not
// keep the profile is an Invalid error with a field for each fault, at most
// twenty; what is larger than [MaxExchange], or has more
// values than [MaxExchangeValues], is TooLarge.
func ReadExchange(ctx context.Context, name string, content []byte) (doc Exchange, err error) {
	const op = "api.ReadExchange"
	if len(content) > MaxExchange {
		return doc, &scene.Error{Code: scene.TooLarge, Op: op, Key: "file.too_large", Args: map[string]any{"file": name, "limit": MaxExchange >> 20}}
	}
	if !bytes.HasPrefix(bytes.TrimLeft(content, "\ufeff \t\r\n"), []byte("{")) {
		tables, err := transfer.ReadTables(ctx, name, bytes.NewReader(content), int64(len(content)))
		if err != nil {
			return doc, scene.Wrap(op, err)
		}
		if content, err = exchangeOf(tables); err != nil {
			return doc, scene.Wrap(op, err)
		}
	}
	content = bytes.TrimPrefix(content, []byte("\ufeff"))
	if err := boundedExchange(content); err != nil {
		return doc, err
	}
	var plain any
	if err := json.Unmarshal(content, &plain); err != nil {
		return doc, &scene.Error{Code: scene.Invalid, Op: op, Key: "exchange.unreadable", Args: map[string]any{"file": name}, Err: err}
	}
	if err := keepsProfile(plain); err != nil {
		return doc, err
	}
	if err := json.Unmarshal(content, &doc); err != nil {
		return doc, &scene.Error{Code: scene.Invalid, Op: op, Key: "exchange.unreadable", Args: map[string]any{"file": name}, Err: err}
	}
	return doc, nil
}

// mostFaults bounds the faults that are told of one document.
const mostFaults = 20

// keepsProfile checks a document against the schema of the profile.
func keepsProfile(plain any) error {
	schemas, schema := exchangeSchema()
	var found huma.ValidateResult
	huma.Validate(schemas, schema, huma.NewPathBuffer(nil, 0), huma.ModeWriteToServer, plain, &found)
	if len(found.Errors) == 0 {
		return nil
	}
	fault := &scene.Error{Code: scene.Invalid, Op: "api.ReadExchange", Key: "exchange.profile", Args: map[string]any{"count": len(found.Errors)}}
	for _, err := range found.Errors[:min(len(found.Errors), mostFaults)] {
		d, ok := errors.AsType[*huma.ErrorDetail](err)
		if !ok {
			continue
		}
		key, args := complaintOf(d.Message)
		if key == "" {
			key, args = "exchange.fault", map[string]any{"fault": d.Message}
		}
		fault.Fields = append(fault.Fields, scene.FieldError{Field: d.Location, Key: key, Args: args})
	}
	return fault
}

const schemaPrefix = "#/$defs/"

func exchangeSchema() (huma.Registry, *huma.Schema) {
	schemas := huma.NewMapRegistry(schemaPrefix, huma.DefaultSchemaNamer)
	return schemas, schemas.Schema(reflect.TypeFor[Exchange](), true, "Exchange")
}

// ExchangeSchema returns the JSON Schema (draft 2020-12) of the profile, made of
// the types.
func ExchangeSchema() ([]byte, error) {
	schemas, schema := exchangeSchema()
	raw, err := json.MarshalIndent(map[string]any{
		"$schema": "https://json-schema.org/draft/2020-12/schema", "title": exchangeFormat, "$ref": schema.Ref, "$defs": schemas.Map(),
	}, "", " ")
	return append(raw, '\n'), scene.Wrap("api.ExchangeSchema", err)
}
