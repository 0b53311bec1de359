package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"jinghe/internal/app"
	"jinghe/internal/learning"
	"jinghe/internal/match"
	"jinghe/internal/scene"
)

// provenFirst grades pairs as judges would who look at proof and nothing else.
func provenFirst(rankings []match.Ranking) []learning.Judgement {
	var list []learning.Judgement
	for i := range rankings {
		for _, m := range rankings[i].Matches {
			grade := 0
			for _, p := range m.Parts {
				if p.Name == "record" && p.Value > 0.3 {
					grade = 3
				}
			}
			list = append(list, learning.Judgement{
				Need: string(rankings[i].Need.ID), Offer: string(m.Offer.ID), Decision: scene.Decision{Verdict: scene.Graded, Grade: grade},
			})
		}
	}
	return list
}

// TestTheCityLearns walks the whole way on a running server, as the command
// line does: pairs to grade, judgements, refit, activation, a page ranked by
// the new set, rollback.
func TestTheCityLearns(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	a := start(t, testConfig(dir), true)
	<-a.Ready()
	op, err := app.Dial(t.Context(), dir)
	if err != nil || op == nil {
		t.Fatalf("no server: %v", err)
	}
	defer func() { _ = op.Close(context.WithoutCancel(t.Context())) }()
	rankings, err := op.PairsToGrade(t.Context(), 8)
	if err != nil || len(rankings) < 50 {
		t.Fatalf("%d needs to grade, %v", len(rankings), err)
	}
	added, err := op.AddJudgements(t.Context(), app.JudgementsRequest{File: "g.xlsx", Judgements: provenFirst(rankings), Actor: "test"})
	if err != nil || added.Decisions < 400 || len(added.Problems) > 0 {
		t.Fatalf("added %d, %v, %v", added.Decisions, added.Problems, err)
	}
	dry, err := op.Tune(t.Context(), app.TuneRequest{DryRun: true}, nil)
	if err != nil || !dry.Win || dry.Activate || dry.Set != "" {
		t.Fatalf("measured only: %+v, %v", dry, err)
	}
	won, err := op.Tune(t.Context(), app.TuneRequest{Actor: "test"}, nil)
	if err != nil || !won.Activate || won.After["record"] <= won.Before["record"] || won.Figures.After <= won.Figures.Before {
		t.Fatalf("%+v, %v", won, err)
	}
	need := rankings[0].Need.ID
	follows := func(version string) {
		t.Helper()
		eventually(t, patience, func() bool { return strings.HasPrefix(versionOf(t, a, need), version+"+") })
	}
	follows(won.Version)
	sets, err := op.WeightSets(t.Context())
	if err != nil || len(sets.Sets) != 1 || sets.InForce != won.Set {
		t.Errorf("%+v, %v", sets, err)
	}
	if err := op.RollbackWeights(t.Context()); err != nil {
		t.Fatal(err)
	}
	follows(sets.Shipped)
	if err := op.RollbackWeights(t.Context()); scene.CodeOf(err) != scene.Precondition {
		t.Errorf("a second rollback: %v", err)
	}
	if err := op.ActivateWeights(t.Context(), won.Set); err != nil {
		t.Fatal(err)
	}
	follows(won.Version)
}

// versionOf asks the API by which weights the offers of a need are ranked.
func versionOf(t *testing.T, a *app.App, need scene.ID) string {
	t.Helper()
	status, body := fetch(t, a, fmt.Sprintf("/api/v1/opportunities/%s/matches", need))
	var r struct{ Version string }
	if err := json.Unmarshal([]byte(body), &r); err != nil || status != http.StatusOK {
		t.Fatalf("%d %v %.200s", status, err, body)
	}
	return r.Version
}

// TestMarksFollowAndStay: a pin shows on the page at once, and after a restart.
func TestMarksFollowAndStay(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	a, err := app.Open(t.Context(), testConfig(dir), testOptions(io.Discard))
	if err != nil {
		t.Fatal(err)
	}
	if err := a.LoadSampleCity(t.Context()); err != nil {
		t.Fatal(err)
	}
	rankings, err := a.PairsToGrade(t.Context(), 10) // no server runs: a market is made for it
	if err != nil {
		t.Fatal(err)
	}
	need, last := rankings[0].Need.ID, rankings[0].Matches[len(rankings[0].Matches)-1].Offer.ID
	if err := a.MarkPair(t.Context(), app.MarkRequest{Need: string(need), Offer: string(last), Kind: scene.Pinned, Actor: "test"}); err != nil {
		t.Fatal(err)
	}
	if err := a.Close(context.WithoutCancel(t.Context())); err != nil {
		t.Fatal(err)
	}
	a = start(t, testConfig(dir), false)
	<-a.Ready()
	first := func() (id scene.ID, pinned bool) {
		_, body := fetch(t, a, fmt.Sprintf("/api/v1/opportunities/%s/matches", need))
		var r match.Ranking
		if err := json.Unmarshal([]byte(body), &r); err != nil || len(r.Matches) == 0 {
			t.Fatalf("%v %.200s", err, body)
		}
		return r.Matches[0].Offer.ID, r.Matches[0].Pinned
	}
	if id, pinned := first(); id != last || !pinned {
		t.Errorf("after a restart %s stands first, pinned %v; want %s", id, pinned, last)
	}
	if _, body := fetch(t, a, fmt.Sprintf("/opportunities/%s", need)); !strings.Contains(body, "中心推荐") {
		t.Error("the page does not tell that a person put the pair first")
	}
	if err := a.MarkPair(t.Context(), app.MarkRequest{Need: string(need), Offer: string(last), Kind: scene.Excluded}); err != nil {
		t.Fatal(err)
	}
	eventually(t, patience, func() bool { id, _ := first(); return id != last })
	if _, body := fetch(t, a, fmt.Sprintf("/api/v1/opportunities/%s/matches", need)); strings.Contains(body, `"`+string(last)+`"`) {
		t.Error("an excluded pair is told to visitors")
	}
	if err := a.MarkPair(t.Context(), app.MarkRequest{Need: string(need), Offer: string(last)}); err != nil {
		t.Fatal(err)
	}
	if marks, err := a.PairMarks(t.Context()); err != nil || len(marks) != 0 {
		t.Errorf("left %+v, %v", marks, err)
	}
}
