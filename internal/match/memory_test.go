package match

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
)

// TestProfileIsSmall keeps 150,000 profiles affordable: at most 3 KB each,
// for a listing of 130 characters, beyond its text.
func TestProfileIsSmall(t *testing.T) {
	e := newTestEngine(t)
	const n = 3000
	texts := make([]string, n)
	for i := range texts {
		var b strings.Builder
		for k := range 116 {
			b.WriteRune('一' + rune((i*7919+k*k*k*31+k*1047)%2999))
		}
		texts[i] = b.String()
	}
	heap := func() uint64 {
		runtime.GC()
		runtime.GC() // pools empty at the second
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	profiles := make([]*Profile, n)
	before := heap()
	for i, text := range texts {
		profiles[i] = e.Offer(anOffer(fmt.Sprintf("第%d号积水监测终端", i), text), nil)
	}
	each := (heap() - before) / n
	t.Logf("%d bytes a profile, %d terms", each, len(profiles[7].bag.terms))
	if each > 3072 {
		t.Errorf("%d bytes a profile, want at most 3072", each)
	}
	runtime.KeepAlive(profiles)
	runtime.KeepAlive(e)
}
