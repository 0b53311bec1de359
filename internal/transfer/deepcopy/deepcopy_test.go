package deepcopy

import (
	"errors"
	"reflect"
	"testing"
)

type inner struct {
	Width *float64
	Names []string
}

type outer struct {
	Min    int
	Inner  *inner
	Rows   []inner
	Pair   [2]*int
	By     map[string][]int
	Any    any
	own    []int // shared, as Copy says
	Absent *inner
}

func sample() outer {
	width, one := 9.5, 1
	return outer{
		Min: 3, Inner: &inner{Width: &width, Names: []string{"a", "b"}},
		Rows: []inner{{Names: []string{"c"}}}, Pair: [2]*int{&one, nil},
		By: map[string][]int{"x": {1, 2}}, Any: []string{"d"}, own: []int{7},
	}
}

func TestCopy(t *testing.T) {
	t.Parallel()
	for name, source := range map[string]func(*outer) any{
		"Value":   func(o *outer) any { return *o },
		"Pointer": func(o *outer) any { return o },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			original, want := sample(), sample()
			var got outer
			if err := Copy(&got, source(&original)); err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, want) {
				t.Fatalf("got %+v, want %+v", got, want)
			}
			*got.Inner.Width, got.Inner.Names[0], got.Rows[0].Names[0], *got.Pair[0] = 1, "z", "z", 9
			got.By["x"][0], got.By["y"] = 9, nil
			got.Any.([]string)[0] = "z"
			if !reflect.DeepEqual(original, want) {
				t.Errorf("the original changed with its copy: %+v", original)
			}
		})
	}
}

func TestCopyRefuses(t *testing.T) {
	t.Parallel()
	var o outer
	for name, pair := range map[string][2]any{
		"NoPointer":   {o, o},
		"NilPointer":  {(*outer)(nil), o},
		"OtherType":   {&o, inner{}},
		"NilSource":   {&o, (*outer)(nil)},
		"NothingThen": {&o, nil},
	} {
		if err := Copy(pair[0], pair[1]); !errors.Is(err, ErrTypes) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
