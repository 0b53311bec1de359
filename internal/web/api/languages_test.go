package api

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"jinghe/internal/locale"
)

// sentences gathers what a document says, where [translate] would put another
// language in its place; what HTTP calls a status is not ours.
func sentences(node any, into map[string]bool) {
	switch n := node.(type) {
	case []any:
		for _, v := range n {
			sentences(v, into)
		}
	case map[string]any:
		for name, v := range n {
			if text, ok := v.(string); ok && name == "description" && n["content"] == nil && text != "" {
				into[text] = true
			} else if name != "example" && name != "examples" && name != "tags" {
				sentences(v, into)
			}
		}
	}
}

// TestChinese: each sentence of the document has its Chinese, and the file no more.
func TestChinese(t *testing.T) {
	t.Parallel()
	a := newAPI(t, "")
	var document map[string]any
	if err := json.Unmarshal(a.Document(), &document); err != nil {
		t.Fatal(err)
	}
	said := map[string]bool{}
	sentences(document, said)
	for _, tag := range a.huma.OpenAPI().Tags {
		_, sentence := tagHead(locale.En, tag.Description)
		said[sentence] = true
	}
	for _, text := range slices.Sorted(maps.Keys(said)) {
		if chinese()[text] == "" {
			t.Errorf("no Chinese for %q (chinese.json)", text)
		}
	}
	for text := range chinese() {
		if !said[text] {
			t.Errorf("nothing says %q any more (chinese.json)", text)
		}
	}
}

// TestDocumentInOneLanguage: asked for a language the document is in it alone, the
// same but for its sentences.
func TestDocumentInOneLanguage(t *testing.T) {
	t.Parallel()
	a := newAPI(t, "")
	for lang, want := range map[locale.Lang][3]string{
		locale.Zh: {"场景机会列表", "每页条数。", "场景机会：场景需求方需要什么。"}, locale.En: {"List opportunities that are open now", "Items on a page.", "Opportunities: What scenario owners need."},
	} {
		raw, err := inLanguage(lang, a.Document())
		if err != nil {
			t.Fatal(err)
		}
		var d struct {
			Tags  []struct{ Description string }
			Paths map[string]map[string]struct {
				Summary    string
				Parameters []struct{ Name, Description string }
			}
		}
		if err := json.Unmarshal(raw, &d); err != nil {
			t.Fatal(err)
		}
		list := d.Paths["/opportunities"]["get"]
		got := [3]string{list.Summary, "", d.Tags[0].Description}
		for _, p := range list.Parameters {
			if p.Name == "limit" {
				got[1] = p.Description
			}
		}
		if got != want || len(d.Paths) != len(a.huma.OpenAPI().Paths) {
			t.Errorf("%s: %q, want %q; %d paths", lang, got, want, len(d.Paths))
		}
	}
}
