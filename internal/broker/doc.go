// Package broker keeps the market: the profiles of both sides in memory, the
// index that retrieves candidates, and the engine that ranks and explains them.
//
// It stands on the second floor. A [Market] is filled and kept up to date from
// outside (bulk with [Market.LoadNeeds], [Market.LoadOffers], single rows with PutNeed, PutOffer,
// DeleteNeed and DeleteOffer) and answers in both directions. It needs neither
// store nor server: [MatchRows] ranks the rows of two files.
//
// Readers never wait for writers. A change is visible to a question asked after
// the call that made it returned.
package broker
