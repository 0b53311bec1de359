package scene

import (
	"slices"
	"testing"
	"time"
)

// allStates lists the states in the order of a listing's life.
func allStates() []State {
	return []State{Draft, Submitted, FormalReview, DepartmentReview, ExpertReview, Published, Paused, Expired, Closed, Landed}
}

// The machine of DepartmentReview and so on as a full table: what is not
// listed is not allowed.
func TestStateMachine(t *testing.T) {
	t.Parallel()
	allowed := map[State][]State{
		Draft:            {Submitted, Closed},
		Submitted:        {FormalReview, Draft, Closed},
		FormalReview:     {DepartmentReview, Draft, Closed},
		DepartmentReview: {Published, ExpertReview, Draft, Closed},
		ExpertReview:     {Published, Draft, Closed},
		Published:        {Paused, Landed, Expired, Closed},
		Paused:           {Published, Expired, Closed},
		Expired:          {Published, Closed},
		Closed:           nil,
		Landed:           nil,
	}
	for _, from := range allStates() {
		if !from.Valid() {
			t.Errorf("%s is not valid", from)
		}
		if got := from.Next(); !slices.Equal(got, allowed[from]) {
			t.Errorf("after %s: %v, want %v", from, got, allowed[from])
		}
		for _, to := range allStates() {
			if got, want := from.CanBecome(to), slices.Contains(allowed[from], to); got != want {
				t.Errorf("%s → %s: %v", from, to, got)
			}
		}
	}
	for _, s := range []State{"", "published ", "unknown"} {
		if s.Valid() || s.Next() != nil || s.CanBecome(Published) {
			t.Errorf("state %q is accepted", s)
		}
	}
}

// From a draft every state can be reached, and only the ends are final.
func TestStatesReachable(t *testing.T) {
	t.Parallel()
	seen := map[State]bool{Draft: true}
	for queue := []State{Draft}; len(queue) > 0; queue = queue[1:] {
		for _, s := range queue[0].Next() {
			if !seen[s] {
				seen[s] = true
				queue = append(queue, s)
			}
		}
	}
	for _, s := range allStates() {
		if !seen[s] {
			t.Errorf("%s cannot be reached", s)
		}
		if final := len(s.Next()) == 0; final != (s == Closed || s == Landed) {
			t.Errorf("%s: final %v", s, final)
		}
	}
}

func TestListingOpen(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	tests := map[string]struct {
		l    Listing
		want bool
	}{
		"NoBounds":     {Listing{State: Published}, true},
		"Within":       {Listing{State: Published, ValidFrom: noon.Add(-time.Hour), ValidTo: noon.Add(time.Hour)}, true},
		"FirstAndLast": {Listing{State: Published, ValidFrom: noon, ValidTo: noon}, true},
		"NotYet":       {Listing{State: Published, ValidFrom: noon.Add(time.Nanosecond)}, false},
		"Over":         {Listing{State: Published, ValidTo: noon.Add(-time.Nanosecond)}, false},
		"Paused":       {Listing{State: Paused}, false},
		"Draft":        {Listing{}, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := tt.l.Open(noon); got != tt.want {
				t.Errorf("Open = %v", got)
			}
		})
	}
}

func TestIdentityKey(t *testing.T) {
	t.Parallel()
	coded := Listing{Code: "A-1", Source: "cq", Name: "甲", OrgName: "乙"}
	other := coded
	other.Name, other.RowLabel = "另一个名称", "7"
	if coded.IdentityKey(KindOpportunity) != other.IdentityKey(KindOpportunity) {
		t.Error("a code does not decide alone")
	}
	other.Source = "sz"
	if coded.IdentityKey(KindOpportunity) == other.IdentityKey(KindOpportunity) {
		t.Error("two sources share an identity")
	}
	named := Listing{Name: "污水厂（一期）加药", OrgName: "无锡市某水务有限公司", Source: "cq", RowLabel: "1"}
	same := Listing{Name: "污水厂(一期) 加药", OrgName: "无锡市某水务有限公司 ", Source: "sz", RowLabel: "9"}
	if named.IdentityKey(KindOpportunity) != same.IdentityKey(KindOpportunity) {
		t.Error("brackets, blanks, source or 序号 change the identity")
	}
	if named.IdentityKey(KindOpportunity) == named.IdentityKey(KindCapability) {
		t.Error("both kinds share an identity")
	}
	// A name cannot be made to look like a code.
	forged := Listing{Name: "A-1", OrgName: "cq"}
	if forged.IdentityKey(KindOpportunity) == coded.IdentityKey(KindOpportunity) {
		t.Error("a name passes for a code")
	}
}

func TestRow(t *testing.T) {
	t.Parallel()
	need := Row{Opportunity: &Opportunity{Listing: Listing{Name: "甲"}}}
	offer := Row{Capability: &Capability{Listing: Listing{Name: "乙"}}}
	if need.Kind() != KindOpportunity || need.Listing().Name != "甲" {
		t.Errorf("need: %s %q", need.Kind(), need.Listing().Name)
	}
	if offer.Kind() != KindCapability || offer.Listing().Name != "乙" {
		t.Errorf("offer: %s %q", offer.Kind(), offer.Listing().Name)
	}
}
