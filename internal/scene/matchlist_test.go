package scene_test

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jinghe/internal/scene"
)

func aMatchList() scene.MatchList {
	l := scene.MatchList{
		Kind: scene.KindOpportunity, ID: "01JABCDEFGHJKMNPQRSTVWXYZ0", Print: 1<<63 + 5, Version: "w1+a+b",
		Made: time.Date(2026, 5, 8, 1, 2, 3, 4000, time.UTC), Whole: true,
	}
	for i := range 30 {
		l.Best = append(l.Best, scene.MatchPair{ID: scene.ID(fmt.Sprintf("01JABCDEFGHJKMNPQRSTVWXY%02d", i)), Raw: 1 / float64(i+1)})
	}
	l.Out = []scene.MatchPair{{ID: "供给/7", Raw: -0.5}, {ID: "01jabcdefghjkmnpqrstvwxyz0"}}
	l.Taught = []scene.MatchPair{{ID: "01JABCDEFGHJKMNPQRSTVWXYZ3", Raw: 0.75}}
	return l
}

func TestMatchListRoundTrip(t *testing.T) {
	t.Parallel()
	untaught := aMatchList()
	untaught.Taught = nil
	for name, want := range map[string]scene.MatchList{
		"full": aMatchList(), "untaught": untaught, "empty": {Kind: scene.KindCapability, ID: "c", Made: time.Unix(0, 0).UTC()},
	} {
		raw, err := want.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		var got scene.MatchList
		if err := got.UnmarshalBinary(raw); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		for n := range raw {
			if err := new(scene.MatchList).UnmarshalBinary(raw[:n]); err == nil {
				t.Fatalf("%s: the first %d of %d bytes are read as a list", name, n, len(raw))
			}
		}
		if len(raw) > 1025 {
			t.Errorf("%s takes %d bytes", name, len(raw))
		}
	}
}

func FuzzMatchList(f *testing.F) {
	l := aMatchList()
	raw, err := l.MarshalBinary()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Add([]byte{1})
	f.Fuzz(func(t *testing.T, raw []byte) {
		var l scene.MatchList
		if l.UnmarshalBinary(raw) != nil {
			return
		}
		again, err := l.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		var twice scene.MatchList
		if err := twice.UnmarshalBinary(again); err != nil {
			t.Fatalf("what was read and written is not read: %v", err)
		}
		if third, _ := twice.MarshalBinary(); !bytes.Equal(again, third) {
			t.Fatal("writing twice differs")
		}
	})
}

func TestSavedSearchValidate(t *testing.T) {
	t.Parallel()
	good := scene.SavedSearch{Owner: "a", Name: "内涝", Wants: scene.KindCapability, Words: "积水监测", Tell: scene.PaceDaily}
	if err := good.Validate(); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*scene.SavedSearch){
		"ErrOwnerRequired": func(s *scene.SavedSearch) { s.Owner = "" },
		"ErrAsksNothing":   func(s *scene.SavedSearch) { s.Words = " " },
		"ErrKind":          func(s *scene.SavedSearch) { s.Wants = "organisation" },
		"ErrTell":          func(s *scene.SavedSearch) { s.Tell = "hourly" },
		"ErrMoney":         func(s *scene.SavedSearch) { s.Money = scene.MoneyRange{Min: 2, Max: 1} },
	} {
		bad := good
		spoil(&bad)
		if code := scene.CodeOf(bad.Validate()); code != scene.Invalid {
			t.Errorf("%s: code %q", name, code)
		}
	}
}
