package registry

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"jinghe/internal/scene"
)

// uncover gives a row back what an export covered by asterisks in its running
// text, from what is stored of the entry, and returns the passages of which it
// cannot tell what was covered. told and stored point to
// structs of one type; told shares no slice or map that changes with anybody.
func uncover(told, stored any) []string {
	v := reflect.ValueOf(told).Elem()
	if !anyText(v, func(s string) bool { return strings.Contains(s, "*") }) {
		return nil
	}
	u := uncovering{}
	anyText(reflect.ValueOf(stored).Elem(), func(s string) bool {
		u.stored = append(u.stored, s)
		return false
	})
	u.value(v)
	return u.lost
}

// anyText visits the texts of a value that a reader of an export may see
// covered; contacts are masked as a whole and read back elsewhere.
func anyText(v reflect.Value, found func(string) bool) bool {
	switch v.Kind() {
	case reflect.String:
		return found(v.String())
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[scene.Contact]() || isValue(v.Type()) {
			return false
		}
		for i := range v.NumField() {
			if anyText(v.Field(i), found) {
				return true
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			if anyText(v.Index(i), found) {
				return true
			}
		}
	case reflect.Map:
		for it := v.MapRange(); it.Next(); {
			if anyText(it.Value(), found) {
				return true
			}
		}
	}
	return false
}

type uncovering struct {
	stored []string
	lost   []string
}

// value uncovers what can be set within v.
func (u *uncovering) value(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		if text, ok := u.text(v.String()); ok && text != v.String() {
			v.SetString(text)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[scene.Contact]() || isValue(v.Type()) {
			return
		}
		for i := range v.NumField() {
			u.value(v.Field(i))
		}
	case reflect.Slice:
		if v.Len() == 0 {
			return
		}
		own := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		reflect.Copy(own, v)
		v.Set(own)
		for i := range own.Len() {
			u.value(own.Index(i))
		}
	case reflect.Map:
		u.extra(v)
	}
}

// extra uncovers the cells that no field takes.
func (u *uncovering) extra(v reflect.Value) {
	cells, ok := v.Interface().(map[string]string)
	if !ok || len(cells) == 0 {
		return
	}
	own := maps.Clone(cells)
	for _, head := range slices.Sorted(maps.Keys(cells)) {
		if text, ok := u.text(cells[head]); ok {
			own[head] = text
		}
	}
	v.Set(reflect.ValueOf(own))
}

func (u *uncovering) text(told string) (string, bool) {
	text, ok := scene.Uncover(told, u.stored...)
	if !ok {
		u.lost = append(u.lost, around(told))
	}
	return text, ok
}

// around is the text beside the first asterisks.
func around(told string) string {
	const beside = 16
	r := []rune(told)
	at := slices.Index(r, '*')
	end := at
	for end < len(r) && r[end] == '*' {
		end++
	}
	return string(r[max(0, at-beside):min(len(r), end+beside)])
}
