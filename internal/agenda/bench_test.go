package agenda

import "testing"

// BenchmarkRepair repairs a plan of the largest shape after a no-show.
func BenchmarkRepair(b *testing.B) {
	p := Draw(Shapes()[1], 1)
	published, err := Greedy(p)
	if err != nil {
		b.Fatal(err)
	}
	change := []Change{{Kind: ChangeAbsent, Party: published.Meetings[0].Parties[0]}}
	for b.Loop() {
		if _, err := Repair(b.Context(), p, published, change, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
