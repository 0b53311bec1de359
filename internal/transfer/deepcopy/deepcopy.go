// Package deepcopy copies values with all that they point to. It is ours, and takes
// the place of the module of its name in the program (replace, in go.mod).
//
// It stands below internal/transfer, and excelize alone uses it. The module that
// excelize names calls methods by their number, which it found by reflection. Where one such
// call can be reached the linker keeps every exported method of every type: nine
// megabytes of the program, of which nothing is ever called. Excelize copies columns,
// rows and rules of a sheet with it, plain structs without methods of that kind.
package deepcopy

import (
	"errors"
	"reflect"
)

// ErrTypes is the error of [Copy] where one value cannot be a copy of the other.
var ErrTypes = errors.New("deepcopy: destination is no pointer to the type of the source")

// Copy makes the value that dst points to a copy of src, or of the value that src
// points to. Nothing that exported fields, slices and maps lead to is shared by
// both afterwards; what unexported fields lead to is. Values that lead to
// themselves cannot be copied.
func Copy(dst, src any) error {
	to, from := reflect.ValueOf(dst), reflect.ValueOf(src)
	if to.Kind() != reflect.Pointer || to.IsNil() || !from.IsValid() {
		return ErrTypes
	}
	to = to.Elem()
	if from.Type() != to.Type() && from.Kind() == reflect.Pointer && !from.IsNil() {
		from = from.Elem()
	}
	if from.Type() != to.Type() {
		return ErrTypes
	}
	to.Set(from)
	deepen(to)
	return nil
}

// deepen replaces what v, a shallow copy, has in common with its original.
func deepen(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			p := reflect.New(v.Type().Elem())
			p.Elem().Set(v.Elem())
			deepen(p.Elem())
			v.Set(p)
		}
	case reflect.Interface:
		if !v.IsNil() {
			v.Set(deepened(v.Elem()))
		}
	case reflect.Slice:
		if !v.IsNil() {
			s := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
			reflect.Copy(s, v)
			deepenEach(s)
			v.Set(s)
		}
	case reflect.Array:
		deepenEach(v)
	case reflect.Map:
		if !v.IsNil() {
			m := reflect.MakeMapWithSize(v.Type(), v.Len())
			for each := v.MapRange(); each.Next(); {
				m.SetMapIndex(each.Key(), deepened(each.Value()))
			}
			v.Set(m)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Field(i); f.CanSet() {
				deepen(f)
			}
		}
	}
}

func deepenEach(v reflect.Value) {
	for i := range v.Len() {
		deepen(v.Index(i))
	}
}

// deepened is a copy of v that can be put where v cannot be changed.
func deepened(v reflect.Value) reflect.Value {
	c := reflect.New(v.Type()).Elem()
	c.Set(v)
	deepen(c)
	return c
}
