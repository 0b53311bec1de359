package api

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/web/edge"
)

// Whole lists are poured out page by page as they are read, so that a city of any
// size costs the memory of one page, whoever asks.

// openDataPath is where whole lists are that browsers keep as files.
const openDataPath = "/open-data/"

// perPour is how many rows are held at once.
const perPour = 500

// poured is a document that is written while it is read: the members of head,
// then lists, then those of tail, which is asked for when all lists are written.
type poured struct {
	tag   string // weak ETag; none is not known
	name  string // of the file that a browser keeps; none is none
	head  any
	lists []pouredList
	tail  func() any
}

type pouredList struct {
	name string
	// each hands every item over, and ends with the error that put gave.
	each func(ctx context.Context, put func(any) error) error
}

// pour registers a reading operation whose answer, of type T, is poured out.
func pour[T any](a *API, o operation, document func(context.Context) (*poured, error)) {
	handle := told(a, o.id, func(ctx context.Context, in *pourInput) (*huma.StreamResponse, error) {
		p, err := document(ctx)
		if err != nil {
			return nil, err
		}
		if p.tag != "" && matches(in.IfNoneMatch, p.tag) {
			return nil, notModified(p.tag)
		}
		return &huma.StreamResponse{Body: func(ctx huma.Context) { a.flow(ctx, o.id, p) }}, nil
	})
	d := a.described(http.MethodGet, http.StatusOK, o)
	answer := d.Responses[strconv.Itoa(http.StatusOK)]
	answer.Content["application/json"].Schema = a.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[T](), true, o.id)
	if strings.HasPrefix(o.path, openDataPath) {
		answer.Headers = map[string]*huma.Param{"Content-Disposition": {Schema: &huma.Schema{Type: "string"}}}
	}
	huma.Register(a.huma, d, handle)
	huma.Register(a.huma, huma.Operation{
		OperationID: "head-" + o.id, Method: http.MethodHead, Path: o.path, Hidden: true, Metadata: map[string]any{permissionKey: o.may},
	}, handle)
	a.operations = append(a.operations, Operation{o.id, http.MethodGet, Prefix + echoPath(o.path), o.may, o.tag})
}

type pourInput struct {
	IfNoneMatch string `header:"If-None-Match" doc:"ETag of the copy you hold; if nothing changed since the answer is 304."`
}

// stamped is a weak ETag over the open entries of kinds: made differs in two
// answers that tell the same. It is asked for before the first row is read, so that
// what changes meanwhile is sent again rather than missed.
func (a *API) stamped(ctx context.Context, kinds ...scene.Kind) (string, error) {
	if a.Services.Stamp == nil {
		return "", nil
	}
	sum := sha256.New()
	_, _ = io.WriteString(sum, a.Version+"\x00"+a.Source+"\x00"+a.PublicURL+"\x00"+string(edge.From(ctx).Lang)) // a hash takes everything
	for _, kind := range kinds {
		stamp, err := a.Services.Stamp(ctx, kind)
		if err != nil {
			return "", err
		}
		_, _ = io.WriteString(sum, "\x00"+stamp)
	}
	return `W/"` + hex.EncodeToString(sum.Sum(nil)[:12]) + `"`, nil
}

// flow writes a document. What breaks off after its first byte cuts the connection:
// nobody takes half a list for a whole one.
func (a *API) flow(ctx huma.Context, id string, p *poured) {
	ctx.SetHeader("Content-Type", "application/json")
	if p.tag != "" {
		ctx.SetHeader("ETag", p.tag)
	}
	if p.name != "" {
		ctx.SetHeader("Content-Disposition", `attachment; filename="`+p.name+`"`)
	}
	ctx.SetStatus(http.StatusOK)
	if ctx.Method() == http.MethodHead {
		return
	}
	if err := p.write(ctx.Context(), ctx.BodyWriter()); err != nil {
		if ctx.Context().Err() == nil {
			a.Log.ErrorContext(ctx.Context(), "list broken off", "operation", id, "error", err)
		}
		panic(http.ErrAbortHandler)
	}
}

func (p *poured) write(ctx context.Context, to io.Writer) error {
	w := bufio.NewWriterSize(to, 32<<10)
	head, err := json.Marshal(p.head)
	if err != nil {
		return err
	}
	_, _ = w.Write(bytes.TrimSuffix(head, []byte("}"))) // its errors stay until Flush
	e := json.NewEncoder(w)
	for _, l := range p.lists {
		_, _ = w.WriteString(`,"` + l.name + `":[`)
		first := true
		err := l.each(ctx, func(item any) error {
			if !first {
				_ = w.WriteByte(',')
			}
			first = false
			return e.Encode(item)
		})
		if err != nil {
			return err
		}
		_ = w.WriteByte(']')
	}
	if p.tail != nil {
		tail, err := json.Marshal(p.tail())
		if err != nil {
			return err
		}
		_ = w.WriteByte(',')
		_, _ = w.Write(bytes.TrimSuffix(bytes.TrimPrefix(tail, []byte("{")), []byte("}")))
	}
	_, _ = w.WriteString("}\n")
	return w.Flush()
}

// readPage reads a page of what a visitor sees.
type readPage[R any] func(context.Context, store.ListingFilter, store.Page) (store.Rows[R], error)

// pouredFrom is a list of what keep keeps of rows, as of makes them, page by page.
func pouredFrom[R, T any](name string, read readPage[R], keep func(*R) bool, of func(*R) T) pouredList {
	return pouredList{name, func(ctx context.Context, put func(any) error) error {
		for page := (store.Page{Limit: perPour}); ; {
			rows, err := read(ctx, store.ListingFilter{}, page)
			if err != nil {
				return err
			}
			for i := range rows.Items {
				if !keep(&rows.Items[i]) {
					continue
				}
				if err := put(of(&rows.Items[i])); err != nil {
					return err
				}
			}
			if page.After = rows.Next; page.After == "" {
				return nil
			}
		}
	}}
}

// openData pours out everything of one kind that is open.
func openData[R, T any](ctx context.Context, a *API, kind scene.Kind, name string, read readPage[R], of func(*R, time.Time) T) (*poured, error) {
	if _, err := read(ctx, store.ListingFilter{}, store.Page{Limit: 1}); err != nil { // what can be told before the first byte
		return nil, scene.Wrap("api.openData", err)
	}
	tag, err := a.stamped(ctx, kind)
	if err != nil {
		return nil, scene.Wrap("api.openData", err)
	}
	at, count := a.Now(), 0
	return &poured{
		tag:   tag,
		name:  name + at.UTC().Format("-2006-01-02") + ".json",
		head:  openDataHead{Licence: openLicence(edge.From(ctx).Lang), Source: a.Source, Made: at.UTC()},
		lists: []pouredList{pouredFrom("items", read, func(*R) bool { count++; return true }, func(r *R) T { return of(r, at) })},
		tail:  func() any { return openDataTail{count} },
	}, nil
}

// openDataHead and openDataTail are [OpenData] without its list.
type openDataHead struct {
	Licence string    `json:"licence"`
	Source  string    `json:"source,omitempty"`
	Made    time.Time `json:"made"`
}

type openDataTail struct {
	Count int `json:"count"`
}
