package scene

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// TestStages: every stage is reached from the first, what ended does not go on
// but to be replicated, and only a stopped pair may begin anew.
func TestStages(t *testing.T) {
	t.Parallel()
	reached := map[Stage]bool{StageSuggested: true}
	for range Stages() {
		for stage := range reached {
			for _, next := range stage.Next() {
				reached[next] = true
			}
		}
	}
	for _, stage := range Stages() {
		if !reached[stage] || !stage.Valid() {
			t.Errorf("%s: reached %v, valid %v", stage, reached[stage], stage.Valid())
		}
		if stage.Ended() && (stage.Docked() || slices.Contains(stage.Next(), StageDocking) || stage.CanBecome(StageStopped)) {
			t.Errorf("%s has ended and goes on", stage)
		}
		if !stage.Ended() && !stage.CanBecome(StageStopped) {
			t.Errorf("%s cannot be stopped", stage)
		}
		if stage.Open() != (stage != StageStopped) {
			t.Errorf("%s open: %v", stage, stage.Open())
		}
	}
	if Stage("nonsense").Valid() || Stage("nonsense").Next() != nil {
		t.Error("a stage that is none")
	}
}

func TestParties(t *testing.T) {
	t.Parallel()
	e := Engagement{NeedOrg: "city", OfferOrg: "firm"}
	for name, tt := range map[string]struct {
		actor Actor
		want  Party
	}{
		"Owner":     {Actor{ID: "a", OrgID: "city", Roles: []Role{RoleOwner}}, PartyOwner},
		"Provider":  {Actor{ID: "a", OrgID: "firm", Roles: []Role{RoleProvider}}, PartyProvider},
		"Centre":    {Actor{ID: "a", Roles: []Role{RoleSteward}}, PartyCentre},
		"Stranger":  {Actor{ID: "a", OrgID: "other", Roles: []Role{RoleProvider}}, ""},
		"Visitor":   {Actor{}, ""},
		"AdminOnly": {Actor{ID: "a", Roles: []Role{RoleAdmin}}, ""},
	} {
		if got := e.PartyOf(&tt.actor); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
	if PartyOwner.Other() != PartyProvider || PartyProvider.Other() != PartyOwner || PartyCentre.Other() != "" {
		t.Error("the sides do not face each other")
	}
	if e.Org(PartyOwner) != "city" || e.Org(PartyProvider) != "firm" || e.Org(PartyCentre) != "" || e.Stance(PartyCentre) != nil {
		t.Error("a side is not its own")
	}
}

func TestRevealed(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC)
	for name, tt := range map[string]struct {
		change func(*Engagement)
		want   bool
	}{
		"Both":       {func(*Engagement) {}, true},
		"OwnerNot":   {func(e *Engagement) { e.Owner.Reveals = time.Time{} }, false},
		"OtherNot":   {func(e *Engagement) { e.Provider.Reveals = time.Time{} }, false},
		"OneAtTable": {func(e *Engagement) { e.Provider.Says = "" }, false},
		"Stopped":    {func(e *Engagement) { e.Stage = StageStopped }, false},
	} {
		stance := Stance{Says: Accepted, At: at, Reveals: at}
		e := Engagement{Stage: StageDocking, Owner: stance, Provider: stance}
		tt.change(&e)
		if e.Revealed() != tt.want {
			t.Errorf("%s: %v", name, e.Revealed())
		}
	}
}

func TestStuck(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC)
	next := func(days int) NextAction {
		return NextAction{Text: "踏勘", Party: PartyOwner, Due: now.AddDate(0, 0, days)}
	}
	for name, tt := range map[string]struct {
		e    Engagement
		want bool
	}{
		"OnTime":    {Engagement{Stage: StageDocking, Next: next(1), Updated: now.AddDate(0, -1, 0)}, false},
		"Late":      {Engagement{Stage: StagePilot, Next: next(-1), Updated: now}, true},
		"Unheard":   {Engagement{Stage: StageSuggested, Updated: now.AddDate(0, 0, -8)}, true},
		"Fresh":     {Engagement{Stage: StageSuggested, Updated: now.AddDate(0, 0, -6)}, false},
		"EndedLate": {Engagement{Stage: StageLanded, Next: next(-9), Updated: now.AddDate(-1, 0, 0)}, false},
	} {
		if got := tt.e.Stuck(now); got != tt.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestNextAction(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 6, 4, 0, 0, 0, time.UTC) // a Friday, noon in China
	for name, change := range map[string]func(*NextAction){
		"OK":         func(*NextAction) {},
		"OKToday":    func(n *NextAction) { n.Due = EndOfDay(now) },
		"ErrText":    func(n *NextAction) { n.Text = " " },
		"ErrLong":    func(n *NextAction) { n.Text = strings.Repeat("长", MaxNextAction+1) },
		"ErrParty":   func(n *NextAction) { n.Party = "" },
		"ErrNoDay":   func(n *NextAction) { n.Due = time.Time{} },
		"ErrPast":    func(n *NextAction) { n.Due = now.Add(-time.Hour) },
		"ErrFarAway": func(n *NextAction) { n.Due = now.AddDate(3, 0, 0) },
	} {
		n := NextAction{Text: "踏勘", Party: PartyCentre, Due: now.AddDate(0, 0, 3)}
		change(&n)
		if err := n.Validate(now); (err == nil) != strings.HasPrefix(name, "OK") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := EndOfDay(now).In(China()).Format(time.DateTime); got != "2026-03-06 23:59:59" {
		t.Errorf("the end of the day: %s", got)
	}
	for days, want := range map[int]string{0: "2026-03-06", 1: "2026-03-09", 5: "2026-03-13", 6: "2026-03-16"} {
		if got := WorkingDays(now, days).In(China()).Format(time.DateOnly); got != want {
			t.Errorf("%d working days on: %s, want %s", days, got, want)
		}
	}
}

func TestStopReasons(t *testing.T) {
	t.Parallel()
	for _, r := range StopReasons() {
		d := Decision{Need: "n", Offer: "o", Verdict: Declined, Reason: r.Judged()}
		if err := d.Validate(); err != nil {
			t.Errorf("%s: %v", r, err)
		}
		if _, teaches := d.Teaches(); teaches == (r == StopSolved) {
			t.Errorf("%s teaches: %v", r, teaches)
		}
		if err := ValidStop(r, ""); (err == nil) != (r != StopOther) {
			t.Errorf("%s without words: %v", r, err)
		}
	}
	for name, err := range map[string]error{
		"NoReason": ValidStop("", "x"), "Unknown": ValidStop("bored", "x"), "Long": ValidStop(StopEarly, strings.Repeat("长", MaxEngagementText+1)),
		"NothingSaid": ValidText(" ", true), "TooMuchSaid": ValidText(strings.Repeat("长", MaxEngagementText+1), false),
	} {
		if CodeOf(err) != Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}
