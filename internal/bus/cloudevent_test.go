package bus_test

import (
	"reflect"
	"testing"
	"time"

	"jinghe/internal/bus"
	"jinghe/internal/scene"
)

// FuzzDecodeEvent checks that whatever stands on a subject is either refused
// or an event that can be published again and read the same.
func FuzzDecodeEvent(f *testing.F) {
	body, err := bus.EncodeEvent(scene.Event{
		ID: "e", Subject: scene.ImportUndone, IDs: []scene.ID{"a"}, Time: time.Unix(1, 0), Actor: "x",
	}, "/jinghe")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(body)
	f.Add([]byte(`{"specversion":"1.0","id":"e","type":"jinghe.v1.a.b","data":{"ids":null}}`))
	f.Add([]byte(`{"specversion":"1.0","id":"e","type":"jinghe.v1.*.b"}`))
	f.Add([]byte(`[]`))
	f.Fuzz(func(t *testing.T, body []byte) {
		e, err := bus.DecodeEvent(body)
		if err != nil {
			if scene.CodeOf(err) != scene.Invalid {
				t.Errorf("refused with %v", err)
			}
			return
		}
		if e.ID == "" || !bus.ValidSubject(e.Subject) {
			t.Errorf("read as %+v", e)
		}
		again, err := bus.EncodeEvent(e, "/jinghe")
		if err != nil {
			t.Fatalf("cannot be written: %v", err)
		}
		same, err := bus.DecodeEvent(again)
		if err != nil || !same.Time.Equal(e.Time) {
			t.Fatalf("read again as %+v, %v", same, err)
		}
		same.Time = e.Time
		if !reflect.DeepEqual(same, e) {
			t.Errorf("read again as %+v, before %+v", same, e)
		}
	})
}
