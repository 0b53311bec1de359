package scene

import (
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestClone writes to everything that a copy reaches, also in fields that are
// yet to come: the original stays what it was.
func TestClone(t *testing.T) {
	t.Parallel()
	t.Run("Opportunity", func(t *testing.T) { apart(t, Opportunity.Clone) })
	t.Run("Capability", func(t *testing.T) { apart(t, Capability.Clone) })
	t.Run("Organisation", func(t *testing.T) { apart(t, Organisation.Clone) })
}

func apart[T any](t *testing.T, clone func(T) T) {
	t.Helper()
	var first, same, none T
	write(reflect.ValueOf(&first).Elem(), 1)
	write(reflect.ValueOf(&same).Elem(), 1)
	second := clone(first)
	if diff := cmp.Diff(first, second); diff != "" {
		t.Fatalf("not the same (-first +copy):\n%s", diff)
	}
	if write(reflect.ValueOf(&second).Elem(), 2); cmp.Equal(first, second) {
		t.Fatal("the copy was not written to")
	}
	if diff := cmp.Diff(same, first); diff != "" {
		t.Errorf("the original changed with its copy (-was +is):\n%s", diff)
	}
	if !cmp.Equal(clone(none), none) {
		t.Error("the copy of nothing is something")
	}
}

// write puts n, in the form of its type, wherever v leads; what is empty gets an element first.
func write(v reflect.Value, n int) {
	if v.Type() == reflect.TypeFor[time.Time]() {
		v.Set(reflect.ValueOf(time.Unix(int64(n), 0).UTC()))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			write(v.Field(i), n)
		}
	case reflect.Slice:
		if v.Len() == 0 {
			v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		}
		write(v.Index(0), n)
	case reflect.Map:
		if v.Len() == 0 {
			v.Set(reflect.MakeMap(v.Type()))
		}
		value := reflect.New(v.Type().Elem()).Elem()
		write(value, n)
		v.SetMapIndex(reflect.ValueOf("key").Convert(v.Type().Key()), value)
	case reflect.Pointer:
		if v.IsNil() {
			v.Set(reflect.New(v.Type().Elem()))
		}
		write(v.Elem(), n)
	case reflect.String:
		v.SetString(string(rune('a' + n)))
	case reflect.Bool:
		v.SetBool(n%2 == 1)
	case reflect.Float64:
		v.SetFloat(float64(n))
	default:
		v.SetInt(int64(n))
	}
}
