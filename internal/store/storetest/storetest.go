// Package storetest is the suite that every adapter of internal/store passes:
// each promise of the contract is one test.
//
// It stands on the first floor, beside internal/store, and serves tests only.
package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Fresh gives a test a store of its own, without rows: the function it returns
// opens it, and opens the same one again after it was closed.
type Fresh func(t *testing.T) (open func() store.Store)

// Run runs the suite.
func Run(t *testing.T, fresh Fresh) {
	t.Helper()
	tests := []struct {
		name string
		test func(*testing.T, *bench)
	}{
		{"KeepsWhatWasWritten", keepsWritten},
		{"LeavesNoTraceOfAFailure", leavesNoTrace},
		{"AFailedWriteSpoilsItsTransaction", failureSpoils},
		{"AViewIsASnapshotAndCannotWrite", viewsSnapshot},
		{"WritersTakeTurns", writersTakeTurns},
		{"EndsWithItsContext", endsWithContext},
		{"CloseWaitsAndEnds", closeEnds},
		{"TellsHealth", tellsHealth},
		{"OrganisationsRoundTrip", organisationsRoundTrip},
		{"OrganisationsAreFound", organisationsFound},
		{"OrganisationKeysAreUnique", organisationKeysUnique},
		{"OrganisationKeysFollowTheRow", organisationKeysFollow},
		{"OrganisationsAreListed", organisationsListed},
		{"OrganisationsInUseStay", organisationsInUse},
		{"OrganisationsMerge", organisationsMerge},
		{"OrganisationsAreNamed", organisationsNamed},
		{"OpportunitiesRoundTrip", roundTrip(opportunities())},
		{"CapabilitiesRoundTrip", roundTrip(capabilities())},
		{"RevisionsAreOptimistic", revisionsOptimistic(opportunities())},
		{"RevisionsAreKept", revisionsKept(capabilities())},
		{"WhatIsReadIsOwned", readIsOwned(opportunities())},
		{"WhatIsReadOfCapabilitiesIsOwned", readIsOwned(capabilities())},
		{"IdentityIsUnique", identityUnique(opportunities())},
		{"ListingsAreFiltered", listingsFiltered(opportunities())},
		{"CapabilitiesAreFiltered", listingsFiltered(capabilities())},
		{"ListingsArePaged", listingsPaged(capabilities())},
		{"OpenMeansWhatListingOpenSays", openAgrees},
		{"ManyRowsAtOnce", manyRows(capabilities())},
		{"ManyRowsInOrder", manyInOrder(opportunities())},
		{"PagesAreChecked", pagesChecked},
		{"DictionariesAreEdited", dictionariesEdited},
		{"WordsAreReplaced", wordsReplaced},
		{"ImportsAreLogged", importsLogged},
		{"SettingsAreKept", settingsKept},
		{"UploadsAreKept", uploadsKept},
		{"ScratchesAreKept", scratchesKept},
		{"LooksAreKept", looksKept},
		{"AttachmentsAreKept", attachmentsKept},
		{"DecisionsAreKept", decisionsKept},
		{"MarksAreKept", marksKept},
		{"WeightSetsAreKept", weightsKept},
		{"SavedSearchesAreKept", savedSearchesKept},
		{"SearchesFindOnce", searchesFindOnce},
		{"SearchesTellWhenDue", searchesTellWhenDue},
		{"MatchListsAreKept", matchListsKept},
		{"BatchesAreKept", batchesKept},
		{"ShowcasesAreKept", showcasesKept},
		{"FairCasesFallDue", fairCasesFallDue},
		{"FairLettersGoOut", fairLettersGoOut},
		{"FairsAreKept", fairsKept},
		{"FairCodesFollowTheParty", fairCodesFollow},
		{"FairPlansAreVersions", fairPlansAreVersions},
		{"FairEntriesCountOnce", fairEntriesCountOnce},
		{"FairPulseTells", fairPulseTells},
		{"EventsGoWithTheirTransaction", eventsWithTransaction},
		{"TheOutboxKeepsOrder", outboxOrder},
		{"EventsAreChecked", eventsChecked},
		{"ACommitWakesTheRelay", commitWakes},
		{"TextOfEveryKindSurvives", textSurvives},
		{"AccountsAreKept", accountsKept},
		{"AccountsAreUnique", accountsUnique},
		{"AccountsAreListed", accountsListed},
		{"SessionsEnd", sessionsEnd},
		{"ALinkWorksOnce", tokensOnce},
		{"AttemptsAreCounted", attemptsCounted},
		{"AccessTokensAreKept", accessTokensKept},
		{"AnswersAreKept", answersKept},
		{"TiesAreKept", tiesKept},
		{"SpendingWorksOnce", spentOnce},
		{"TheRecordGrowsOnly", auditGrowsOnly},
		{"ReviewsAreKept", reviewsKept},
		{"NoticesAreKept", noticesKept},
		{"NoticesAreRead", noticesRead},
		{"WhatGoesOutIsInOrder", outgoingInOrder},
		{"AHeraldTellsOnce", heraldTells},
		{"EngagementsAreKept", engagementsKept},
		{"OpinionsAreKept", opinionsKept},
		{"AHistoryGrowsOnce", historyGrows},
		{"WebhooksAreKept", webhooksKept},
		{"DeliveriesAreInOrder", deliveriesInOrder},
		{"RawRowsComeInOrder", rawOrder},
		{"RawRowsAreInserted", rawInserted},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.test(t, newBench(t, fresh(t)))
		})
	}
}

// bench is what a test works at.
type bench struct {
	store.Store
	open func() store.Store
}

func newBench(t *testing.T, open func() store.Store) *bench {
	t.Helper()
	b := &bench{Store: open(), open: open}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return b
}

// reopen closes the store and opens it again, as a restart does.
func (b *bench) reopen(t *testing.T) {
	t.Helper()
	if err := b.Close(); err != nil {
		t.Fatalf("Close: %v", err)
	}
	b.Store = b.open()
}

// update runs fn and ends the test if it or the commit fails.
func (b *bench) update(t *testing.T, fn func(ctx context.Context, tx store.Tx) error) {
	t.Helper()
	if err := b.try(t, fn); err != nil {
		t.Fatalf("Update: %v", err)
	}
}

// try runs fn and returns how it ended.
func (b *bench) try(t *testing.T, fn func(ctx context.Context, tx store.Tx) error) error {
	t.Helper()
	return b.Update(t.Context(), func(tx store.Tx) error { return fn(t.Context(), tx) })
}

func (b *bench) view(t *testing.T, fn func(ctx context.Context, tx store.Tx) error) {
	t.Helper()
	if err := b.View(t.Context(), func(tx store.Tx) error { return fn(t.Context(), tx) }); err != nil {
		t.Fatalf("View: %v", err)
	}
}

// now is an instant with more digits than are kept.
func now() time.Time {
	return time.Date(2026, 3, 1, 16, 30, 15, 123456789, time.FixedZone("CST", 8*3600))
}

// kept is now() as a store gives it back.
func kept() time.Time { return time.Date(2026, 3, 1, 8, 30, 15, 123456000, time.UTC) }

// organisation makes the n-th organisation of a test.
func organisation(n int) scene.Organisation {
	return scene.Organisation{
		ID: scene.ID(fmt.Sprintf("org-%04d", n)), Name: fmt.Sprintf("第%d（无锡）公司", n), Created: now(), Updated: now(),
	}
}

// event makes the n-th event of a test.
func event(n int) scene.Event {
	return scene.Event{
		ID: scene.ID(fmt.Sprintf("event-%04d", n)), Subject: scene.OpportunityChanged,
		IDs: []scene.ID{scene.ID(fmt.Sprintf("row-%d", n))}, Time: kept(), Actor: "system",
	}
}

func expectCode(t *testing.T, what string, err error, want scene.Code) {
	t.Helper()
	if got := scene.CodeOf(err); got != want {
		t.Errorf("%s: code %q (%v), want %q", what, got, err, want)
	}
}

func expectSame[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func put(ctx context.Context, tx store.Tx, rows ...scene.Organisation) error {
	_, err := tx.Organisations().PutMany(ctx, rows)
	return err
}

// patience bounds what a test waits for.
const patience = 3 * time.Minute

func receive[T any](t *testing.T, from <-chan T) T {
	t.Helper()
	select {
	case v := <-from:
		return v
	case <-time.After(patience):
		t.Fatal("waited in vain")
		panic("unreachable")
	}
}
