package portal

import (
	"slices"
	"testing"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
)

// TestTemplatesKept: a workbook is written once for each set of dictionaries.
func TestTemplatesKept(t *testing.T) {
	t.Parallel()
	d, err := scene.LoadDictionaries()
	if err != nil {
		t.Fatal(err)
	}
	fields, _ := d.Get(scene.DictField)
	fields.Terms = append(slices.Clone(fields.Terms), scene.Term{Code: "smart_tests", Zh: "智慧测试"})
	edited, err := d.With([]scene.Dictionary{fields}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var kept templates
	find := func(d *scene.Dictionaries, lang locale.Lang) *byte {
		book, err := kept.find(scene.KindCapability, lang, d)
		if err != nil || len(book) == 0 {
			t.Fatal(err)
		}
		return &book[0]
	}
	first := find(d, locale.Zh)
	if find(d, locale.Zh) != first || find(d, locale.En) == first {
		t.Error("written anew, or one for all")
	}
	if find(edited, locale.Zh) == first {
		t.Error("a template of dictionaries that are no more")
	}
}
