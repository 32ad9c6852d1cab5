//! Codes made, stored as hashes, and compared.

use super::*;

fn order(place: u8, serial: u64) -> Order {
    let place = Place::new(place).unwrap();
    Order { place, serial, kind: Kind::Recovery, issued: Timestamp(1), expires: None }
}

#[test]
fn a_code_proves_itself_and_no_other() {
    let (code, stored) = make(order(3, 7)).unwrap();
    let (_, other) = make(order(4, 8)).unwrap();
    let proof = Proof::compute(&code, &[other.clone(), stored.clone()]).unwrap();
    assert!(proof.is(&stored));
    assert!(!proof.is(&other));
    assert!(!proof.is(&StoredCode { place: 5, ..stored.clone() }), "nor one of another place");
    assert!(!proof.is(&StoredCode { serial: 9, ..stored }), "a code replaced meanwhile is not this one");
}

#[test]
fn a_code_for_an_empty_place_still_costs_one_run_and_proves_nothing() {
    let (code, stored) = make(order(3, 7)).unwrap();
    assert!(!Proof::compute(&code, &[]).unwrap().is(&stored));
}

#[test]
fn a_record_cannot_order_an_unbounded_hash() {
    let (_, mut stored) = make(order(0, 1)).unwrap();
    assert!(stored.image.is_sound());
    for (memory, passes, is_bounded) in [
        (8, 1, true),
        (256 * 1024, 16, true),
        (7, 1, false),
        (256 * 1024 + 1, 1, false),
        (8, 0, false),
        (8, 17, false),
    ] {
        stored.image.cost = Cost { memory, passes };
        assert_eq!(stored.image.is_sound(), is_bounded, "{memory} KiB, {passes} passes");
    }
}

#[test]
fn no_two_hashes_share_a_salt() {
    let code = make(order(3, 7)).unwrap().0;
    let [one, other] = [0; 2].map(|_| Hash::of(&code).unwrap());
    assert!(one.salt != other.salt && one.hash != other.hash);
}

#[test]
fn every_character_of_a_code_is_random() {
    let codes: Vec<String> = (0..8).map(|_| make(order(3, 7)).unwrap().0.to_text().to_string()).collect();
    let first = &codes[0];
    for at in (0..first.len()).filter(|at| first.as_bytes()[*at] != b'-').skip(1) {
        let same = codes.iter().all(|code| code.as_bytes()[at] == first.as_bytes()[at]);
        assert!(!same, "character {at} of {codes:?}: one chance in {}", 32_u64.pow(7));
    }
}

#[test]
fn what_is_wrong_is_told_and_a_hash_is_not() {
    assert_eq!(format!("{:?}", make(order(0, 1)).unwrap().1.image), "***");
    let told = |why| MakeError::NotRun(why).to_string();
    let no_memory = told(NotRun::NoMemory);
    assert_eq!(no_memory, "not enough memory to check a single-use code");
    let no_turn = told(NotRun::NoTurn("/run: full".to_owned()));
    assert_eq!(no_turn, "no turn to check a single-use code: /run: full");
    assert_ne!(MakeError::NoEntropy(NoEntropy).to_string(), no_memory);
    assert_eq!(
        [Kind::Recovery, Kind::Pass, Kind::Emergency].map(Kind::name),
        ["recovery", "pass", "emergency"]
    );
}

// Row: S1-27
#[test]
fn the_hash_is_argon2id_of_the_written_cost() {
    // Computed with the reference command: printf 0ABCDEFGHJKMNPQR | argon2 saltsaltsaltsalt -id -v 13 -t 2 -k 19456 -p 1 -l 16
    let hash = run(b"0ABCDEFGHJKMNPQR", b"saltsaltsaltsalt", Cost::default()).unwrap();
    assert_eq!(data_encoding::HEXLOWER.encode(hash.expose()), "2212ffd8ad3e74a870b0f2c8f79ed0ab");
}
