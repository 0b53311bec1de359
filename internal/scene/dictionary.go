package scene

// Names of the dictionaries that the program itself refers to.
const (
	DictField         = "field"         // 应用领域, demand side
	DictIndustry      = "industry"      // Wuxi 465+X, supply side
	DictFuture        = "future"        // 未来产业六大方向
	DictStrategic     = "strategic"     // 战略性新兴产业 2023
	DictEconomy       = "economy"       // GB/T 4754 sections
	DictTRL           = "trl"           // GB/T 22900-2022, with the three coarse stages above
	DictQualification = "qualification" // 资质
	DictMode          = "mode"          // 合作方式
	DictRegion        = "region"        // administrative divisions and groups of them
	DictOwnerKind     = "owner_kind"    // 单位性质; codes are those of OwnerKind
)

// Term is one entry of a dictionary.
type Term struct {
	Code   string `json:"code"`
	Zh     string `json:"zh"`
	En     string `json:"en,omitempty"`
	Parent string `json:"parent,omitempty"` // code of the broader term, which this one implies
	// Level is what the title itself says of a qualification's level:
	// "national", "provincial", "municipal" or "".
	Level string `json:"level,omitempty"`
	// Synonyms are other ways to write it, found by Resolve.
	Synonyms []string `json:"synonyms,omitempty"`
	// Keywords hint at the term in running text; used to suggest, never to decide.
	Keywords []string `json:"keywords,omitempty"`
}

// Dictionary is an ordered list of terms.
type Dictionary struct {
	Name  string `json:"name"`
	Zh    string `json:"zh"`
	En    string `json:"en,omitempty"`
	Terms []Term `json:"terms"`
}

// Link joins a term of one dictionary with a term of another.
type Link struct {
	From   string  `json:"from"`   // code in the crosswalk's From dictionary
	To     string  `json:"to"`     // code in its To dictionary
	Weight float64 `json:"weight"` // (0, 1]: how far one implies the other
}

// Crosswalk is the explicit, editable join between two dictionaries. From
// "region" to "region" it lists the members of a group of divisions.
type Crosswalk struct {
	From  string `json:"from"` // dictionary names
	To    string `json:"to"`
	Links []Link `json:"links"`
}

// Scored is a term that running text hints at.
type Scored struct {
	Code string `json:"code"`
	// Score rises with the number of different hints, in (0, 1). It orders
	// suggestions and means nothing beyond that.
	Score float64  `json:"score"`
	Words []string `json:"words"` // the hints found, folded, in order of the text
}
