package backend

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"jinghe/internal/scene"
)

// filled sets every text of a value, those of lists within it too, to one with a
// telephone number.
func filled(v reflect.Value, text string) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				filled(v.Field(i), text)
			}
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		filled(v.Index(0), text)
	case reflect.String:
		if v.Type() == reflect.TypeFor[string]() {
			v.SetString(text)
		}
	}
}

// TestTextsAreRedacted: whatever field of a showcase, or of the introduction of a
// batch, somebody writes a telephone number into, visitors do not see it.
func TestTextsAreRedacted(t *testing.T) {
	t.Parallel()
	const phone = "13912345678"
	var s scene.Showcase
	filled(reflect.ValueOf(&s).Elem(), "联系人 张工 "+phone)
	s.Fields = nil // codes
	s.Since = "2026-03"
	b := scene.Batch{Name: "第三批", Intro: "咨询 " + phone, IntroEn: "Call " + phone}
	for name, v := range map[string]any{"Showcase": publicShowcase(s), "Batch": publicBatch(b)} {
		raw, err := json.Marshal(v)
		if err != nil || strings.Contains(string(raw), phone) {
			t.Errorf("%s: %s, %v", name, raw, err)
		}
	}
}
