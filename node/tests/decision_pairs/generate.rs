//! Consents, accesses and rules from a seed. What is named is often what is carried, or stands above
//! it, so that provisions match as often as not.

use vidimus::{
    contract::rules::{CombiningRule, DecisionRules, ImplicitPolicy},
    record::consent::{Effect, RuleSet},
};

use super::{
    draw::Draw,
    open::{Access, Consent, Elements, Pattern, Provision, Span},
    seal::texts,
    tree::{Code, LABELS, LEVELS, Tree, code},
};

/// What one decision is about.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) rules: DecisionRules,
    pub(crate) consents: Vec<Consent>,
    pub(crate) access: Access,
}

/// No table has it.
const UNKNOWN: &str = "NEW-IN-2031";
/// Levels that were withdrawn: no longer in the order.
const WITHDRAWN: [&str; 4] = ["B", "ETH", "S", UNKNOWN];

const TREATMENT: [&str; 5] = ["TREAT", "TREAT", "COC", "CLINTRL", "POPHLTH"];
const EMERGENCIES: [&str; 3] = ["ETREAT", "BTG", "ERTREAT"];
const OTHER_PURPOSES: [&str; 12] = [
    "HMARKT",
    "HOPERAT",
    "HSYSADMIN",
    "LABELING",
    "HPAYMT",
    "COVERAGE",
    "ELIGVER",
    "HRESCH",
    "CLINTRCH",
    "PRECLINTRCH",
    "PUBHLTH",
    "THREAT",
];
const LABELS_THAT_HANG_TOGETHER: [(&str, &str); 14] = [
    ("sensitivity", "HIV"),
    ("sensitivity", "ETH"),
    ("sensitivity", "SUD"),
    ("sensitivity", "ETHUD"),
    ("sensitivity", "OPIOIDUD"),
    ("sensitivity", "SPI"),
    ("sensitivity", "BH"),
    ("sensitivity", "COGN"),
    ("sensitivity", "PSY"),
    ("law", "42CFRPart2"),
    ("refrain", "NORDSCLCD"),
    ("refrain", "NORDSLCD"),
    ("obligation", "AUDIT"),
    ("obligation", "MASK"),
];
const BASES: [&str; 14] = [
    "GDPR-6(1)",
    "GDPR-6(1)(a)",
    "GDPR-6(1)(c)",
    "GDPR-9(2)",
    "GDPR-9(2)(a)",
    "GDPR-9(2)(c)",
    "GDPR-9(2)(i)",
    "HIPAA-164.508",
    "HIPAA-164.512",
    "HIPAA-164.512(b)",
    "HIPAA-164.512(k)",
    "HIPAA-164.512(k)(2)",
    "Part2-2.31",
    "Part2-2.51",
];
const CLASSES: [&str; 4] = ["Observation", "Condition", "MedicationRequest", "patient-summary"];
const ACTIONS: [&str; 5] = ["R", "R", "U", "disclose", "export"];
const ROLES: [&str; 8] = [
    "clinician",
    "physician",
    "physician",
    "nurse",
    "administration",
    "billing",
    "researcher",
    "device",
];
const ORGANIZATIONS: [&str; 3] = ["st-anna.example", "lab-nord.example", "insurer.example"];
/// An id of a resource may be that of an author.
const RESOURCES: [&str; 4] = ["Observation/1", "Observation/2", "Condition/1", "Practitioner/1"];
const AUTHORS: [&str; 4] = ["Practitioner/1", "Practitioner/2", "Device/1", "Observation/1"];

/// Draws cases.
#[derive(Debug)]
pub(crate) struct Generator<'a> {
    tree: &'a Tree,
    pub(crate) draw: Draw,
    codes: Vec<Code>,
}

impl<'a> Generator<'a> {
    pub(crate) fn new(tree: &'a Tree, seed: u64) -> Self {
        Self { tree, draw: Draw::new(seed), codes: tree.codes().collect() }
    }

    pub(crate) fn case(&mut self) -> Case {
        let rules = self.rules();
        let access = self.access();
        let count = self.draw.one_of(&[0, 0, 0, 1, 1, 1, 2, 2, 3, 4]);
        let consents = (0..count).map(|_| self.consent(&access)).collect();
        Case { rules, consents, access }
    }

    fn rules(&mut self) -> DecisionRules {
        let Self { draw, .. } = self;
        let combining = [
            CombiningRule::DenyOverrides,
            CombiningRule::PermitOverrides,
            CombiningRule::NewestWins,
        ];
        let implicit = [
            ImplicitPolicy::BasicNormal,
            ImplicitPolicy::AllNormal,
            ImplicitPolicy::BreakGlassOnly,
            ImplicitPolicy::Deny,
        ];
        DecisionRules {
            combining: draw.one_of(&combining),
            implicit: draw.one_of(&implicit),
            rule_set: draw.one_of(&[RuleSet::Pcf11, RuleSet::FhirStrictAll]),
            break_glass: draw.percent(75),
            authorized_purposes: texts(&self.maybe(80, 4, Self::purpose)),
            lawful_bases: texts(&self.maybe(60, 3, Self::basis)),
        }
    }

    fn access(&mut self) -> Access {
        let purposes = self.purposes();
        let is_urgent = purposes.iter().any(|purpose| EMERGENCIES.contains(&purpose.text));
        Access {
            at: self.instant(),
            organization: self.draw.one_of(&ORGANIZATIONS),
            role: self.role(),
            person: self.person(),
            action: self.action(),
            basis: self.maybe(45, 2, Self::basis),
            protocol: self.protocol(),
            emergency: self.draw.percent(if is_urgent { 65 } else { 5 }),
            data_period: self.draw.percent(75).then(|| self.span()),
            confidentiality: self.level(),
            labels: self.maybe(65, 3, Self::label),
            classes: self.maybe(60, 2, Self::class),
            resources: self.maybe(60, 3, Self::resource),
            authors: self.maybe(60, 2, Self::author),
            purposes,
        }
    }

    /// What an access is for: an emergency is mostly for treatment alone.
    fn purposes(&mut self) -> Vec<Code> {
        if self.draw.percent(30) {
            let urgent = self.draw.one_of(&EMERGENCIES);
            let beside = self.maybe(40, 2, |it| {
                if it.draw.percent(80) {
                    code("purpose", it.draw.one_of(&TREATMENT))
                } else {
                    it.purpose()
                }
            });
            [&[code("purpose", urgent)], &beside[..]].concat()
        } else {
            self.draw_some(3, Self::purpose)
        }
    }

    pub(crate) fn consent(&mut self, access: &Access) -> Consent {
        let scope = match self.draw.below(100) {
            0..35 => Elements::default(),
            35..47 => Elements { purposes: access.purposes.clone(), ..Elements::default() },
            _ => self.elements(access),
        };
        let provisions = self.maybe(60, 3, |it| it.provision(access));
        Consent {
            decision: self.draw.one_of(&[Effect::Permit, Effect::Permit, Effect::Deny]),
            scope,
            provisions,
            rule_set: self.draw.one_of(&[None, Some(RuleSet::Pcf11), Some(RuleSet::FhirStrictAll)]),
            protocol: if self.draw.percent(70) { access.protocol } else { self.protocol() },
        }
    }

    pub(crate) fn provision(&mut self, access: &Access) -> Provision {
        if self.draw.percent(20) {
            return self.emergencies_but();
        }
        let elements = self.elements(access);
        Provision { elements, exceptions: self.maybe(40, 2, |it| it.elements(access)) }
    }

    /// Emergencies, but for some of them.
    fn emergencies_but(&mut self) -> Provision {
        let emergencies =
            |it: &mut Self| it.draw_some(2, |it| code("purpose", it.draw.one_of(&EMERGENCIES)));
        let only = |purposes| Elements { purposes, ..Elements::default() };
        let elements = only(emergencies(self));
        let exceptions = if self.draw.percent(80) { vec![only(emergencies(self))] } else { vec![] };
        Provision { elements, exceptions }
    }

    /// Elements of which some are there, and of which the access meets some.
    pub(crate) fn elements(&mut self, access: &Access) -> Elements {
        let level = [access.confidentiality];
        Elements {
            actors: self.maybe(18, 3, |it| it.pattern(access)),
            actions: self.maybe(14, 2, |it| it.named(&[access.action], Self::action)),
            purposes: self.maybe(35, 4, |it| it.named(&access.purposes, Self::purpose)),
            period: self.draw.percent(12).then(|| self.span()),
            data_period: self.draw.percent(14).then(|| self.span()),
            confidentiality: self.maybe(14, 2, |it| it.named(&level, Self::level)),
            labels: self.maybe(25, 3, |it| it.named(&access.labels, Self::label)),
            classes: self.maybe(14, 2, |it| it.named(&access.classes, Self::class)),
            resources: self.maybe(14, 4, |it| it.named_id(&access.resources, Self::resource)),
            authors: self.maybe(14, 3, |it| it.named_id(&access.authors, Self::author)),
        }
    }

    pub(crate) fn pattern(&mut self, access: &Access) -> Pattern {
        let draw = &mut self.draw;
        let organization = draw.percent(50).then(|| {
            if draw.percent(70) { access.organization } else { draw.one_of(&ORGANIZATIONS) }
        });
        let role = self.draw.percent(50).then(|| self.named(&[access.role], Self::role));
        let person = self
            .draw
            .percent(25)
            .then(|| if self.draw.percent(70) { access.person } else { self.person() });
        Pattern { organization, role, person }
    }

    /// A carried code, or one above it, or one that has nothing to do with it.
    fn named(&mut self, carried: &[Code], other: fn(&mut Self) -> Code) -> Code {
        if carried.is_empty() || self.draw.percent(40) {
            return other(self);
        }
        let one = self.draw.one_of(carried);
        let above = self.tree.way_up(one);
        if above.is_empty() { one } else { self.draw.one_of(&above) }
    }

    fn named_id(
        &mut self,
        carried: &[&'static str],
        other: fn(&mut Self) -> &'static str,
    ) -> &'static str {
        let is_other = carried.is_empty() || self.draw.percent(30);
        if is_other { other(self) } else { self.draw.one_of(carried) }
    }

    pub(crate) fn purpose(&mut self) -> Code {
        let draw = &mut self.draw;
        match draw.below(100) {
            0..40 => code("purpose", draw.one_of(&TREATMENT)),
            40..52 => code("purpose", draw.one_of(&EMERGENCIES)),
            52..85 => code("purpose", draw.one_of(&OTHER_PURPOSES)),
            85..97 => self.any_of("purpose"),
            _ => code("purpose", UNKNOWN),
        }
    }

    pub(crate) fn label(&mut self) -> Code {
        let draw = &mut self.draw;
        match draw.below(100) {
            0..75 => {
                let (system, text) = draw.one_of(&LABELS_THAT_HANG_TOGETHER);
                code(system, text)
            }
            75..96 => {
                let system = draw.one_of(&LABELS);
                self.any_of(system)
            }
            _ => code(draw.one_of(&LABELS), UNKNOWN),
        }
    }

    pub(crate) fn level(&mut self) -> Code {
        let is_known = self.draw.percent(96);
        let levels = if is_known { &LEVELS[..] } else { &WITHDRAWN[..] };
        code("confidentiality", self.draw.one_of(levels))
    }

    pub(crate) fn basis(&mut self) -> Code {
        self.one("basis", &BASES)
    }

    pub(crate) fn class(&mut self) -> Code {
        self.one("class", &CLASSES)
    }

    pub(crate) fn action(&mut self) -> Code {
        self.one("action", &ACTIONS)
    }

    pub(crate) fn role(&mut self) -> Code {
        self.one("role", &ROLES)
    }

    pub(crate) fn resource(&mut self) -> &'static str {
        self.draw.one_of(&RESOURCES)
    }

    pub(crate) fn author(&mut self) -> &'static str {
        self.draw.one_of(&AUTHORS)
    }

    fn person(&mut self) -> u8 {
        self.draw.one_of(&[0x11, 0x11, 0x12])
    }

    fn protocol(&mut self) -> Option<u8> {
        self.draw.one_of(&[None, None, None, None, None, None, Some(0x21), Some(0x22)])
    }

    /// One of few moments, so that edges of spans are met.
    fn instant(&mut self) -> u64 {
        u64::try_from(self.draw.below(8)).unwrap()
    }

    fn span(&mut self) -> Span {
        let start = self.instant();
        let end = self.draw.percent(70).then(|| start + 1 + self.instant());
        Span { start, end }
    }

    /// Mostly one of the frequent codes, sometimes any of the system, seldom one that nobody knows.
    fn one(&mut self, system: &'static str, frequent: &[&'static str]) -> Code {
        match self.draw.below(100) {
            0..85 => code(system, self.draw.one_of(frequent)),
            85..97 => self.any_of(system),
            _ => code(system, UNKNOWN),
        }
    }

    fn any_of(&mut self, system: &str) -> Code {
        let of_system = |code: &Code| code.system == system;
        let start = self.codes.iter().position(of_system).unwrap();
        let count = self.codes.iter().filter(|code| of_system(code)).count();
        self.codes[start + self.draw.below(count)]
    }

    /// Values so many times in a hundred, else none.
    fn maybe<T>(&mut self, percent: usize, most: usize, one: impl FnMut(&mut Self) -> T) -> Vec<T> {
        if self.draw.percent(percent) { self.draw_some(most, one) } else { Vec::new() }
    }

    /// At least one; few are more frequent than many.
    fn draw_some<T>(&mut self, most: usize, mut one: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let count = 1 + self.draw.below(most).min(self.draw.below(most));
        (0..count).map(|_| one(self)).collect()
    }
}
