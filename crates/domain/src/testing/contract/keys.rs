use std::time::Duration;

use time::OffsetDateTime;

use super::{Stores, valid};
use crate::Permission;
use crate::keys::{KeyDigest, KeyError, KeyId, NewKey};

const OLD: KeyDigest = KeyDigest([1; 32]);
const NEW: KeyDigest = KeyDigest([2; 32]);

fn ids() -> [KeyId; 2] {
    ["0123456789aZ", "abcdefghijkl"].map(|id| id.parse().unwrap())
}

pub async fn a_key_is_known_by_its_digest_until_it_is_revoked(stores: Stores) {
    let (keys, [id, unknown]) = (stores.keys, ids());
    let mut new = NewKey::new("Warehouse".into());
    new.permissions = vec![Permission::ProductsRead];
    let made = keys.create(&id, OLD, valid(new)).await.unwrap();
    assert_eq!(
        (made.name.as_str(), &made.permissions[..]),
        ("Warehouse", &[Permission::ProductsRead][..])
    );
    assert_eq!((made.last_used_at, made.revoked_at), (None, None));
    assert_eq!(keys.find(&id).await.unwrap(), Some((made.clone(), OLD)));
    assert_eq!(keys.find(&unknown).await.unwrap(), None);

    // The latest use counts, whatever the order of the reports.
    let now = OffsetDateTime::now_utc().replace_nanosecond(0).unwrap();
    for at in [now, now - Duration::from_secs(60)] {
        keys.used(&[(unknown.clone(), at), (id.clone(), at)])
            .await
            .unwrap();
    }
    assert_eq!(keys.list().await.unwrap()[0].last_used_at, Some(now));

    keys.revoke(&id).await.unwrap();
    let (revoked, _) = keys.find(&id).await.unwrap().unwrap();
    assert!(revoked.revoked_at.is_some() && !revoked.holds_at(made.created_at));
    keys.revoke(&id).await.unwrap();
    assert_eq!(keys.find(&id).await.unwrap().unwrap().0, revoked, "once");
    assert!(matches!(
        keys.revoke(&unknown).await,
        Err(KeyError::NotFound)
    ));
}

pub async fn rotated_keys_keep_the_original_id(stores: Stores) {
    let (keys, [first, second]) = (stores.keys, ids());
    let new = valid(NewKey::new("Warehouse".into()));
    let made = keys.create(&first, OLD, new).await.unwrap();
    assert_eq!(made.original_id, first);
    let [third, other] = ["thirdthirdth", "otherotherot"].map(|id| id.parse::<KeyId>().unwrap());
    // The first key is rotated twice.
    for (old, new) in [(&first, &second), (&second, &third), (&first, &other)] {
        let made = keys.rotate(old, new, NEW, Duration::from_secs(60)).await;
        let made = made.unwrap();
        assert_eq!((&made.id, &made.original_id), (new, &first));
        let (found, _) = keys.find(new).await.unwrap().unwrap();
        assert_eq!(found, made);
    }
}

pub async fn a_rotated_key_holds_on_for_the_overlap(stores: Stores) {
    let (keys, [old, new]) = (stores.keys, ids());
    let mut key = NewKey::new("Warehouse".into());
    key.permissions = vec![Permission::KeysManage];
    keys.create(&old, OLD, valid(key)).await.unwrap();
    let overlap = Duration::from_secs(60);
    let made = keys.rotate(&old, &new, NEW, overlap).await.unwrap();
    assert_eq!((&made.id, made.name.as_str()), (&new, "Warehouse"));
    assert_eq!(
        (&made.permissions[..], made.expires_at),
        (&[Permission::KeysManage][..], None)
    );
    let (before, digest) = keys.find(&old).await.unwrap().unwrap();
    let end = before.expires_at.unwrap();
    assert!(
        digest == OLD && before.holds_at(end - Duration::from_secs(1)) && !before.holds_at(end)
    );
    assert_eq!(
        keys.list()
            .await
            .unwrap()
            .iter()
            .map(|key| &key.id)
            .collect::<Vec<_>>(),
        [&new, &old]
    );

    // A rotation does not postpone an earlier expiry.
    let newer: KeyId = "newernewerne".parse().unwrap();
    keys.rotate(&old, &newer, NEW, overlap * 60).await.unwrap();
    assert_eq!(
        keys.find(&old).await.unwrap().unwrap().0.expires_at,
        Some(end)
    );
    keys.revoke(&old).await.unwrap();
    let third: KeyId = "thirdthirdth".parse().unwrap();
    assert!(matches!(
        keys.rotate(&old, &third, NEW, overlap).await,
        Err(KeyError::Ended)
    ));
    assert!(matches!(
        keys.rotate(&third, &third, NEW, overlap).await,
        Err(KeyError::NotFound)
    ));
    assert_eq!(keys.find(&third).await.unwrap(), None);
}
