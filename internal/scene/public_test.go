package scene

import (
	"testing"
	"time"
)

func TestPublic(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	before, after := now.Add(-time.Hour), now.Add(time.Second)
	tests := map[string]struct {
		state State
		from  time.Time
		want  bool
	}{
		"Draft":                {Draft, before, false},
		"Submitted":            {Submitted, before, false},
		"Review":               {ExpertReview, before, false},
		"Published":            {Published, time.Time{}, true},
		"Embargo":              {Published, after, false},
		"EmbargoEnds":          {Published, now, true},
		"PausedUnderEmbargo":   {Paused, after, false},
		"Expired":              {Expired, time.Time{}, true},
		"Landed":               {Landed, before, true},
		"ClosedAfterRelease":   {Closed, before, true},
		"ClosedBeforeRelease":  {Closed, after, false},
		"ClosedWithoutRelease": {Closed, time.Time{}, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := Listing{State: tt.state, ValidFrom: tt.from}
			if got := l.Public(now); got != tt.want {
				t.Errorf("public %v, want %v", got, tt.want)
			}
		})
	}
}

func TestSince(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	l := Listing{ValidFrom: day, Created: day.Add(1), Updated: day.Add(2)}
	for _, want := range []time.Time{day, day.Add(1), day.Add(2)} {
		if got := l.Since(); !got.Equal(want) {
			t.Errorf("since %v, want %v", got, want)
		}
		if l.ValidFrom.IsZero() {
			l.Created = time.Time{}
		}
		l.ValidFrom = time.Time{}
	}
}
