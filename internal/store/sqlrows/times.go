package sqlrows

import (
	"time"

	"jinghe/internal/scene"
)

// trim brings a time to what every engine keeps: microseconds, UTC.
func trim(t *time.Time) {
	if !t.IsZero() {
		*t = t.UTC().Truncate(time.Microsecond)
	}
}

func trimQualifications(list []scene.Qualification) {
	for i := range list {
		trim(&list[i].Until)
	}
}

func trimListing(l *scene.Listing) {
	for _, t := range []*time.Time{&l.ValidFrom, &l.ValidTo, &l.Created, &l.Updated} {
		trim(t)
	}
}

// bound returns a bound of validity, nil where it is open.
func bound(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMicro()
}

// lastMicro returns the first microsecond that is not before t: a row that
// ends earlier has ended at t.
func lastMicro(t time.Time) int64 {
	us := t.UnixMicro()
	if time.UnixMicro(us).Before(t) {
		us++
	}
	return us
}
