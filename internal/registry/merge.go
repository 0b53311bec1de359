package registry

import (
	"bytes"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"time"

	"jinghe/internal/scene"
)

// overlay writes every field that src fills over dst, and leaves the others:
// a list with fewer columns never blanks what an earlier, richer one told.
// Maps are joined key by key, structs field by field. A field that says the
// same as in one of the echoes is no news and is left, too. All of them point
// to structs of one type.
func overlay(dst, src any, echoes ...any) {
	known := make([]reflect.Value, len(echoes))
	for i, e := range echoes {
		known[i] = reflect.ValueOf(e).Elem()
	}
	overlayValue(reflect.ValueOf(dst).Elem(), reflect.ValueOf(src).Elem(), known)
}

func overlayValue(dst, src reflect.Value, echoes []reflect.Value) {
	for i := range src.NumField() {
		from, to := src.Field(i), dst.Field(i)
		known := make([]reflect.Value, len(echoes))
		for j, e := range echoes {
			known[j] = e.Field(i)
		}
		switch {
		case from.Kind() == reflect.Struct && !isValue(from.Type()):
			overlayValue(to, from, known)
		case from.IsZero() || isEmpty(from) || saidIn(known, from):
		case from.Kind() == reflect.Map:
			overlayMap(to, from, known)
		default:
			to.Set(from)
		}
	}
}

func overlayMap(dst, src reflect.Value, echoes []reflect.Value) {
	joined := reflect.MakeMap(dst.Type())
	for it := dst.MapRange(); it.Next(); {
		joined.SetMapIndex(it.Key(), it.Value())
	}
	for it := src.MapRange(); it.Next(); {
		said := slices.ContainsFunc(echoes, func(e reflect.Value) bool {
			v := e.MapIndex(it.Key())
			return v.IsValid() && v.Equal(it.Value())
		})
		if !said {
			joined.SetMapIndex(it.Key(), it.Value())
		}
	}
	dst.Set(joined)
}

// isValue tells the structs that are one value, which a cell gives as a whole,
// from those that group fields.
func isValue(t reflect.Type) bool {
	switch t {
	case reflect.TypeFor[time.Time](), reflect.TypeFor[scene.MoneyRange](),
		reflect.TypeFor[scene.Months](), reflect.TypeFor[scene.Maturity]():
		return true
	}
	return false
}

func saidIn(echoes []reflect.Value, v reflect.Value) bool {
	return slices.ContainsFunc(echoes, func(e reflect.Value) bool {
		return reflect.DeepEqual(e.Interface(), v.Interface())
	})
}

func isEmpty(v reflect.Value) bool {
	return (v.Kind() == reflect.Slice || v.Kind() == reflect.Map) && v.Len() == 0
}

// sameContent compares two rows as they would be stored.
func sameContent(a, b any) (bool, error) {
	x, err := json.Marshal(a)
	if err != nil {
		return false, err
	}
	y, err := json.Marshal(b)
	if err != nil {
		return false, err
	}
	return bytes.Equal(x, y), nil
}

// addOrganisation joins what several rows of a file tell of one organisation:
// the first to fill a field wins, titles and spellings are collected.
func addOrganisation(o, more *scene.Organisation) {
	first := *o
	overlay(o, more)
	overlay(o, &first)
	o.Qualifications = joinQualifications(first.Qualifications, more.Qualifications)
	o.Industries = union(first.Industries, more.Industries)
	o.Aliases = union(first.Aliases, more.Aliases)
	if more.Name != o.Name {
		o.Aliases = union(o.Aliases, []string{more.Name})
	}
}

// updateOrganisation lays what a file tells over what is stored.
func updateOrganisation(stored, told *scene.Organisation, echoes ...any) scene.Organisation {
	next := *stored
	overlay(&next, told, echoes...)
	next.Name = stored.Name
	next.ID, next.Revision, next.Created, next.Updated = stored.ID, stored.Revision, stored.Created, stored.Updated
	next.Source = stored.Source
	if stored.CreditCode != "" {
		next.CreditCode = stored.CreditCode
	}
	next.Qualifications = joinQualifications(stored.Qualifications, told.Qualifications)
	next.Industries = union(stored.Industries, told.Industries)
	next.Aliases = union(stored.Aliases, told.Aliases)
	if told.Name != stored.Name && scene.NameKey(told.Name) != scene.NameKey(stored.Name) {
		next.Aliases = union(next.Aliases, []string{told.Name})
	}
	return next
}

func joinQualifications(a, b []scene.Qualification) []scene.Qualification {
	joined := slices.Clone(a)
	for _, q := range b {
		q.Until = asStored(q.Until)
		i := slices.IndexFunc(joined, func(have scene.Qualification) bool {
			return have.Code == q.Code && have.Level == q.Level && (q.Code != "" || have.Text == q.Text)
		})
		switch {
		case i < 0:
			joined = append(joined, q)
		case !q.Until.IsZero():
			joined[i].Until = q.Until
		}
	}
	return joined
}

func union(a, b []string) []string {
	joined := slices.Clone(a)
	for _, s := range b {
		if s != "" && !slices.Contains(joined, s) {
			joined = append(joined, s)
		}
	}
	return joined
}

// cloneExtra keeps a row's own map apart from the row it was copied from.
func cloneExtra(l *scene.Listing) { l.Extra = maps.Clone(l.Extra) }
