package transfer

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"testing"
	"time"

	"jinghe/internal/scene"
)

// The aims for a list of 20,000 rows.
const (
	manyRows   = 20_000
	readWithin = 5 * time.Second
	readMemory = 300 << 20
)

func manyCapabilities(tb testing.TB, n int) []scene.Row {
	g := &generator{Rand: rand.New(rand.NewPCG(7, 7)), d: dictionaries(tb)}
	rows := make([]scene.Row, n)
	for i := range rows {
		rows[i] = scene.Row{Capability: g.capability()}
		l := rows[i].Listing()
		l.Name, l.OrgName, l.RowLabel = fmt.Sprintf("能力%d", i), fmt.Sprintf("虚构%d有限公司", i/2), fmt.Sprint(i+1)
		l.Fields, l.Keywords, l.Modes, l.Maturity = g.codes(scene.DictField), g.words(), g.codes(scene.DictMode), g.maturity()
		l.Contact = scene.Contact{Person: "张三", Phone: "13855501234"}
		rows[i].Org.Name = l.OrgName
	}
	return rows
}

func BenchmarkRead(b *testing.B) {
	for _, layout := range []Layout{TechMarket, Jinghe} {
		for _, format := range []Format{XLSX, CSV} {
			b.Run(string(layout)+"/"+string(format), func(b *testing.B) {
				data := mustWrite(b, format, layout, manyCapabilities(b, manyRows), WriteOptions{FullContacts: true})
				o := ReadOptions{Dictionaries: dictionaries(b)}
				b.SetBytes(int64(len(data)))
				b.ReportAllocs()
				for b.Loop() {
					doc, err := Read(context.Background(), "a."+string(format), bytes.NewReader(data), int64(len(data)), o)
					if err != nil || len(doc.Rows) != manyRows {
						b.Fatal(err, len(doc.Rows))
					}
				}
				b.ReportMetric(manyRows/(b.Elapsed().Seconds()/float64(b.N)), "rows/s")
			})
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	rows := manyCapabilities(b, manyRows)
	o := WriteOptions{Dictionaries: dictionaries(b)}
	for b.Loop() {
		var buf bytes.Buffer
		if _, err := Write(context.Background(), &buf, XLSX, TechMarket, rows, o); err != nil {
			b.Fatal(err)
		}
	}
}

// Reading 20,000 rows stays within its time and memory.
func TestReadManyRows(t *testing.T) {
	if testing.Short() {
		t.Skip("measures time and memory; not in -short")
	}
	data := mustWrite(t, XLSX, TechMarket, manyCapabilities(t, manyRows), WriteOptions{FullContacts: true})
	debug.FreeOSMemory()
	stop := make(chan struct{})
	peak := make(chan uint64)
	go func() {
		var m runtime.MemStats
		var top uint64
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-stop:
				peak <- top
				return
			case <-tick.C:
				runtime.ReadMemStats(&m)
				top = max(top, m.HeapInuse+m.StackInuse)
			}
		}
	}()
	began := time.Now()
	doc := mustRead(t, "a.xlsx", data)
	took := time.Since(began)
	close(stop)
	top := <-peak
	t.Logf("%d rows from %d KiB in %v, heap at most %d MiB", len(doc.Rows), len(data)>>10, took.Round(time.Millisecond), top>>20)
	if len(doc.Rows) != manyRows {
		t.Errorf("%d rows", len(doc.Rows))
	}
	if took > readWithin*4 && !raceEnabled { // a shared machine; the aim itself is kept by the benchmark
		t.Errorf("took %v", took)
	}
	if top > readMemory {
		t.Errorf("heap %d MiB", top>>20)
	}
}
