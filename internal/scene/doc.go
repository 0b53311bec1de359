// Package scene is the vocabulary of a scenario application promotion centre
// (场景应用促进中心): the nouns its people use, what makes each of them valid,
// how their states may change, the error type and the domain events.
//
// It stands on the ground floor: it imports nothing of this program and does
// no input or output. One file holds one noun.
//
//	Organisation  an owner of scenarios, a provider of technology, or both
//	Opportunity   场景机会, a need published by a scenario owner
//	Capability    场景能力, what a provider can do
//	Listing       what Opportunity and Capability share: identity, state, validity
//	Dictionary    an editable list of terms (fields of use, industries, …)
//	Crosswalk     the explicit join between two dictionaries
//	Dictionaries  all of them, indexed: what does this cell mean, what is this code called
//	Row           one entry of a list as a file reader leaves it
//	Event         a fact that happened, carrying ids and no copies
package scene
