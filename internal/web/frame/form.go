package frame

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
	"jinghe/internal/web/ui"
)

// Sentence is what an error tells a person, "" for none.
func Sentence(lang locale.Lang, err error) string {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*scene.Error](err); ok && e.Key != "" {
		return locale.Text(lang, e.Key, e.Args)
	}
	return locale.Text(lang, "error."+string(scene.CodeOf(err)), nil)
}

// Faults is what is wrong with each field, by name: all of it, each once.
func Faults(lang locale.Lang, err error) map[string]string {
	faults := map[string]string{}
	e, ok := errors.AsType[*scene.Error](err)
	if !ok {
		return faults
	}
	for _, f := range e.Fields {
		if text := locale.Text(lang, f.Key, f.Args); !strings.Contains(faults[f.Field], text) {
			faults[f.Field] = strings.TrimSpace(faults[f.Field] + " " + text)
		}
	}
	return faults
}

// Faulted reports whether an error has a field with the fault of that key.
func Faulted(err error, key string) bool {
	e, ok := errors.AsType[*scene.Error](err)
	return ok && slices.ContainsFunc(e.Fields, func(f scene.FieldError) bool { return f.Key == key })
}

// Fill puts what is wrong on top of a form and beside its fields. A fault of a
// field that the form does not have is told on top.
func Fill(lang locale.Lang, f *ui.Form, err error) {
	if err == nil {
		return
	}
	f.Fault = Sentence(lang, err)
	faults := Faults(lang, err)
	left := maps.Clone(faults)
	for g := range f.Groups {
		for i := range f.Groups[g].Fields {
			field := &f.Groups[g].Fields[i]
			if text := faults[field.Name]; text != "" && field.Type != "hidden" {
				field.Fault = text
				delete(left, field.Name)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(left)) {
		f.Fault += " " + left[name]
	}
}

// Retype has a form stand as it was typed; hidden fields are those of the page as
// it is now.
func Retype(f *ui.Form, typed func(name string) string) {
	for g := range f.Groups {
		for i := range f.Groups[g].Fields {
			x := &f.Groups[g].Fields[i]
			if x.Type == "hidden" {
				continue
			}
			x.Value = typed(x.Name)
			for o := range x.Options {
				x.Options[o].Chosen = x.Options[o].Value == x.Value
			}
		}
	}
}

// Mendable reports whether a form can be shown again with what is wrong.
func Mendable(err error) bool {
	switch scene.CodeOf(err) {
	case scene.Invalid, scene.Conflict, scene.TooMany, scene.Precondition:
		return true
	}
	return false
}

// FillOne tells what is wrong at the form that has the faulty field, or at the
// first of them.
func FillOne(lang locale.Lang, forms []ui.Form, err error) {
	if err == nil || len(forms) == 0 {
		return
	}
	faults := Faults(lang, err)
	for i := range forms {
		for _, g := range forms[i].Groups {
			for _, f := range g.Fields {
				if faults[f.Name] != "" && f.Type != "hidden" {
					Fill(lang, &forms[i], err)
					return
				}
			}
		}
	}
	Fill(lang, &forms[0], err)
}
