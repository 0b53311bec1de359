package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jinghe/internal/scene"
	"jinghe/internal/transfer"
)

// drawn fills a value at random with what the profile admits: texts that a cell
// could take for something else, lists of one and of none, members that are not stated.
type drawn struct{ *rand.Rand }

func (d drawn) text() string {
	all := []string{
		"识别准确率不低于95%", "=1+1", "'引号", `"带引号"`, `"半截`, " 前后有空格 ", "第一行\n第二行", "末尾换行\n", "\u0001控制\t制表\r\n", "_x000D_", "是", "否", "0042",
		"9.14E+17", "[方括号]", `["像", "列表"]`, "<b>&amp;</b>", "😀表情", "\ufeff", "〔2025〕37号", "a（b）", strings.Repeat("长", 10_000),
	}
	return all[d.IntN(len(all))]
}

func (d drawn) fill(v reflect.Value, name string) {
	switch {
	case v.Type() == reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(time.Unix(1_700_000_000+d.Int64N(1e8), d.Int64N(1e6)*1000).UTC()))
	case v.Type() == reflect.TypeFor[scene.Truth]():
		v.SetInt(int64(d.IntN(3) - 1))
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			d.fill(v.Field(i), strings.Split(v.Type().Field(i).Tag.Get("json"), ",")[0])
		}
	case v.Kind() == reflect.Pointer:
		if d.IntN(2) == 0 {
			v.Set(reflect.New(v.Type().Elem()))
			d.fill(v.Elem(), name)
		}
	case v.Kind() == reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), d.IntN(3), 3))
		for i := range v.Len() {
			d.fill(v.Index(i), "")
		}
	case v.Kind() == reflect.String:
		v.SetString(d.word(name))
	case v.Kind() == reflect.Bool:
		v.SetBool(d.IntN(2) == 0)
	case v.Kind() == reflect.Float64:
		v.SetFloat(float64(1+d.IntN(100)) / 3)
	default:
		v.SetInt(1 + d.Int64N(9))
	}
}

// word is a text that its member admits.
func (d drawn) word(name string) string {
	switch name {
	case "stage":
		return "middle"
	case "state":
		return "published"
	case "until":
		return "2027-01-31"
	}
	return d.text()
}

func (d drawn) exchange() Exchange {
	doc := Exchange{Opportunities: []Opportunity{}, Capabilities: []Capability{}}
	for range d.IntN(4) {
		var o Opportunity
		d.fill(reflect.ValueOf(&o).Elem(), "")
		doc.Opportunities = append(doc.Opportunities, o)
	}
	for range d.IntN(4) {
		var c Capability
		d.fill(reflect.ValueOf(&c).Elem(), "")
		doc.Capabilities = append(doc.Capabilities, c)
	}
	id := 0
	next := func() scene.ID { id++; return scene.ID(strings.Repeat("A", id)) }
	for i := range doc.Opportunities {
		doc.Opportunities[i].ID = next()
	}
	for i := range doc.Capabilities {
		doc.Capabilities[i].ID = next()
	}
	doc.Format, doc.Made = exchangeFormat, time.Unix(1_800_000_000, 123_000).UTC()
	doc.Origin = ExchangeOrigin{"https://a.example.cn", "甲市\"中心\""}
	return doc
}

// pouredOf pours out a document that is held.
func pouredOf(doc *Exchange) *poured {
	return &poured{head: exchangeHeadOf{doc.Format, doc.Origin, doc.Made}, lists: []pouredList{
		pouredItems("opportunities", doc.Opportunities), pouredItems("capabilities", doc.Capabilities),
	}}
}

func pouredItems[T any](name string, items []T) pouredList {
	return pouredList{name, func(_ context.Context, put func(any) error) error {
		for i := range items {
			if err := put(items[i]); err != nil {
				return err
			}
		}
		return nil
	}}
}

// TestExchangeRoundTrip: what one form says the other says too, to the character.
func TestExchangeRoundTrip(t *testing.T) {
	t.Parallel()
	for seed := range uint64(16) {
		doc := drawn{rand.New(rand.NewPCG(seed, 1))}.exchange()
		for _, format := range []transfer.Format{transfer.XLSX, ExchangeJSON} {
			var file bytes.Buffer
			if err := pouredOf(&doc).as(t.Context(), format, &file); err != nil {
				t.Fatal(err)
			}
			got, err := ReadExchange(t.Context(), "a", file.Bytes())
			if err != nil {
				t.Fatalf("seed %d, %s: %v", seed, format, err)
			}
			if diff := cmp.Diff(plain(doc), plain(got)); diff != "" {
				t.Fatalf("seed %d, %s: %s", seed, format, diff)
			}
		}
	}
}

// TestExchangeHeads: every member has a head of its own for people.
func TestExchangeHeads(t *testing.T) {
	t.Parallel()
	for _, side := range exchangeSides() {
		seen := map[string]string{}
		for _, c := range exchangeColumns(side.entry, "") {
			head := exchangeHead(c.path)
			if exchangeLabels()[c.path] == "" || seen[head] != "" || pathOfHead(head) != c.path {
				t.Errorf("%s: %q is the head of %q, and of %q", side.member, head, c.path, seen[head])
			}
			seen[head] = c.path
			if c.form != asSheet {
				continue
			}
			for _, i := range exchangeColumns(c.item, "") {
				if exchangeLabels()[i.path] == "" {
					t.Errorf("%s: %s has no head", c.path, i.path)
				}
			}
		}
	}
}

// TestExchangeRefused: what does not keep the profile is refused in words that
// lead to the place.
func TestExchangeRefused(t *testing.T) {
	t.Parallel()
	doc := drawn{rand.New(rand.NewPCG(7, 7))}.exchange()
	doc.Opportunities = append(doc.Opportunities, exampleOpportunity())
	var good bytes.Buffer
	if err := pouredOf(&doc).as(t.Context(), transfer.XLSX, &good); err != nil {
		t.Fatal(err)
	}
	tables, err := transfer.ReadTables(t.Context(), "a.xlsx", bytes.NewReader(good.Bytes()), int64(good.Len()))
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		change func([]transfer.Table) []transfer.Table
		key    string
	}{
		"NoHead":  {func(ts []transfer.Table) []transfer.Table { return ts[1:] }, "exchange.no_head"},
		"Number":  {func(ts []transfer.Table) []transfer.Table { set(&ts[1], "revision", "三"); return ts }, "exchange.cell"},
		"Answer":  {func(ts []transfer.Table) []transfer.Table { set(&ts[1], "open", "也许"); return ts }, "exchange.cell"},
		"NoName":  {func(ts []transfer.Table) []transfer.Table { set(&ts[1], "name", ""); return ts }, "exchange.profile"},
		"NoTruth": {func(ts []transfer.Table) []transfer.Table { set(&ts[1], "first_use", "对"); return ts }, "exchange.profile"},
		"Stray": {func(ts []transfer.Table) []transfer.Table {
			ts[4].Rows = append(ts[4].Rows, append([]string{"NONE"}, make([]string, len(ts[4].Heads)-1)...))
			return ts
		}, "exchange.no_entry"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var copied []transfer.Table
			for _, table := range tables {
				rows := make([][]string, len(table.Rows))
				for i := range rows {
					rows[i] = append([]string(nil), table.Rows[i]...)
				}
				table.Rows = rows
				copied = append(copied, table)
			}
			var file bytes.Buffer
			if err := transfer.WriteTables(t.Context(), &file, tt.change(copied)); err != nil {
				t.Fatal(err)
			}
			_, err := ReadExchange(t.Context(), "a.xlsx", file.Bytes())
			if e, ok := errors.AsType[*scene.Error](err); !ok || e.Key != tt.key {
				t.Errorf("%v, want %s", err, tt.key)
			}
		})
	}
	for name, content := range map[string]string{"Nothing": "", "Text": "hello", "Half": `{"format":`, "Other": `{"format":"jinghe-exchange/2"}`} {
		if _, err := ReadExchange(t.Context(), name, []byte(content)); scene.CodeOf(err) != scene.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := ReadExchange(t.Context(), "large", make([]byte, MaxExchange+1)); scene.CodeOf(err) != scene.TooLarge {
		t.Errorf("too large: %v", err)
	}
}

func set(t *transfer.Table, path, value string) {
	for i, head := range t.Heads {
		if pathOfHead(head) == path {
			t.Rows[len(t.Rows)-1][i] = value
		}
	}
}

// TestExchangeSchema keeps the published schema beside the types, and the example
// of the document within it.
func TestExchangeSchema(t *testing.T) {
	t.Parallel()
	const name = "../../../docs/schema/exchange.schema.json"
	got, err := ExchangeSchema()
	if err != nil {
		t.Fatal(err)
	}
	if *updateGolden {
		if err := os.WriteFile(name, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s is not that of the types (go test -update writes it): %v", name, err)
	}
	var doc struct {
		Ref  string         `json:"$ref"`
		Defs map[string]any `json:"$defs"`
	}
	if err := json.Unmarshal(got, &doc); err != nil || doc.Defs[strings.TrimPrefix(doc.Ref, schemaPrefix)] == nil {
		t.Errorf("%q leads nowhere: %v", doc.Ref, err)
	}
}

// FuzzExchange: whatever is handed in is read or refused, and what was read is
// written and read again as it was.
func FuzzExchange(f *testing.F) {
	for seed := range uint64(3) {
		doc := drawn{rand.New(rand.NewPCG(seed, 2))}.exchange()
		for _, format := range []transfer.Format{transfer.XLSX, ExchangeJSON} {
			var file bytes.Buffer
			if err := pouredOf(&doc).as(f.Context(), format, &file); err != nil {
				f.Fatal(err)
			}
			f.Add(file.Bytes())
		}
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		doc, err := ReadExchange(t.Context(), "f", content)
		if err != nil {
			if scene.CodeOf(err) == scene.Internal {
				t.Error(err)
			}
			return
		}
		var file bytes.Buffer
		if err := pouredOf(&doc).as(t.Context(), ExchangeJSON, &file); err != nil {
			t.Fatal(err)
		}
		again, err := ReadExchange(t.Context(), "f", file.Bytes())
		if err != nil || !cmp.Equal(plain(doc), plain(again)) {
			t.Errorf("read again: %v", err)
		}
	})
}
