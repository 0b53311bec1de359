package console

import (
	"testing"

	"jinghe/internal/convene"
	"jinghe/internal/locale"
	"jinghe/internal/scene"
	"jinghe/internal/web/ui"
)

// TestMeetingLeadsToItsCase: a row of the report is linked to what is worked on since, also
// where the sides disagree afterwards; a case is called by the two parties where they agreed
// on no entries.
func TestMeetingLeadsToItsCase(t *testing.T) {
	t.Parallel()
	says := func(held bool) *scene.FairOutcome { return &scene.FairOutcome{Held: held, Next: scene.NextPilot} }
	r := &convene.Report{
		Meetings: []convene.MeetingResult{
			{ID: "a~b", Says: [2]*scene.FairOutcome{says(true), nil}, Held: true, Next: scene.NextPilot},
			{ID: "a~c", Says: [2]*scene.FairOutcome{says(true), says(false)}},
			{ID: "a~d"},
		},
		Cases: []convene.CaseResult{
			{Case: scene.FairCase{Meeting: "a~b", Next: scene.NextPilot}, Engagement: scene.Engagement{ID: "e1", NeedName: "需求", OfferName: "能力"}},
			{Case: scene.FairCase{Meeting: "a~c", Next: scene.NextPilot}, Engagement: scene.Engagement{ID: "e2", NeedName: "需求", OfferName: "能力", Loose: true}},
		},
	}
	tables := tablesOf(&ui.Page{Lang: locale.Zh}, r)
	for i, want := range []ui.Cell{{Text: "准备试点", URL: "/console/engagements/e1"}, {Text: "待核实", URL: "/console/engagements/e2"}, {}} {
		if got := tables.meetings.Rows[i][6]; got.Text != want.Text || got.URL != want.URL {
			t.Errorf("meeting %d leads to %q %q, want %q %q", i, got.Text, got.URL, want.Text, want.URL)
		}
	}
	for i, want := range []string{"需求 × 能力", "两家的对接（条目待商定）"} {
		if got := tables.cases.Rows[i][2]; got.Text != want || got.URL == "" {
			t.Errorf("case %d is called %q %q, want %q", i, got.Text, got.URL, want)
		}
	}
}
