# Whoever reads this may be holding a phone that somebody else can pick up, and has two minutes.
# Short words, one thought a sentence. Never a promise. No blame, no "are you sure?".
# For women and men alike: no imperative and no present tense in the second person. Verbal nouns, the past, and -ك.
# Names stand in { $name }; the app itself isolates what runs the other way.

## Always

danger-short = خطر؟ 112
back = رجوع
go-on = متابعة
close-notice = إغلاق هذا الإشعار
connecting = جارٍ الاتصال…
connection-lost = انقطع الاتصال. نحاول من جديد. ما كتبته الآن لم يُرسل بعد.
connection-degraded = لا يمكن إرسال شيء الآن: يوجد عطل. نواصل المحاولة. أرقام المساعدة تبقى هنا.
connection-refused = لا يمكن لهذا التطبيق الاتصال الآن. المحاولة من جديد لا تفيد. أرقام المساعدة تبقى هنا.
open-unknown = ما زلنا ننظر من الموجود الآن.
open-not-seen = لا يمكننا الآن معرفة من الموجود.
open-hosts = يوجد مرافق الآن.
open-no-hosts = لا يوجد مرافق الآن.
open-services = في المناوبة الآن: { $services }.
open-no-services = لا يوجد الآن مختص في المناوبة في هذا التطبيق.
listed-and = { $others } و{ $last }
listed-comma = { "، " }
service = { $service ->
    [begeleider] المرافقون
    [wijkteam] فريق الحي
    [veilig-thuis] Veilig Thuis
    [politie] الشرطة
   *[other] { $service }
  }

## Danger

danger-title = هل هناك خطر عليك الآن؟
danger-lead = هذه الأرقام تعمل أيضًا بدون هذا التطبيق.
danger-trace = المكالمة تبقى ظاهرة في سجل المكالمات في هاتفك.
danger-more = أرقام أخرى
danger-back = رجوع إلى حيث كنت
call-number = اتصال بالرقم { $number }
line-note = { $line ->
    [alarm] لخطر يحدث الآن. المكالمة الصامتة تُقطع إذا بقي سؤالان بلا جواب. لذلك من المهم قول شيء، ولو كلمة قصيرة.
    [alarm-app] تطبيق 112. يمكنك الكتابة فيه، لكن فقط بعد أن يفتح موظف 112 الدردشة.
    [veilig-thuis] Veilig Thuis (الأمان في البيت). مجانًا، ليلًا ونهارًا. الدردشة غالبًا في أوقات الدوام فقط.
    [politie] الشرطة، عندما لا يكون الأمر مستعجلًا.
    [csg] مركز المساعدة بعد العنف الجنسي (Centrum Seksueel Geweld). ليلًا ونهارًا، وبالدردشة أيضًا.
    [zelfdoding] هل لديك أفكار عن الموت؟ 113. ليلًا ونهارًا، وبالدردشة أيضًا.
    [slachtofferhulp] Slachtofferhulp Nederland (دعم بعد جريمة أو حادث).
    [kindertelefoon] Kindertelefoon، للأطفال. مجانًا، وبالدردشة أيضًا.
    [schadefonds] Schadefonds. مال بعد عنف سبّب إصابة خطيرة.
   *[other] { $line }
  }
checked = تم التحقق: { $month ->
    [1] يناير (كانون الثاني)
    [2] فبراير (شباط)
    [3] مارس (آذار)
    [4] أبريل (نيسان)
    [5] مايو (أيار)
    [6] يونيو (حزيران)
    [7] يوليو (تموز)
    [8] أغسطس (آب)
    [9] سبتمبر (أيلول)
    [10] أكتوبر (تشرين الأول)
    [11] نوفمبر (تشرين الثاني)
   *[other] ديسمبر (كانون الأول)
  } { NUMBER($year) }

## Coming in

step = الخطوة { NUMBER($step) } من 3
safe-title = هل يمكنك القراءة والكتابة بأمان الآن؟
safe-yes = نعم
safe-unsure = لا أعرف
safe-no = لا
unsure-title = هل لديك شك؟ هذه أمور مهمة
unsure-1 = الأفضل الجلوس في مكان لا يرى فيه أحد شاشتك.
unsure-2 = الأفضل إبقاء إصبعك قرب «خروج سريع». لمسة واحدة، وتظهر حالة الطقس.
unsure-3 = الأفضل عدم كتابة أسماء حقيقية أو عنوان.
no-title = إذن يمكن لهذا أن ينتظر
no-1 = يمكنك الضغط على «خروج سريع». عندها يظهر موقع عن الطقس.
no-2 = يمكنك العودة عندما لا يكون أحد معك. الأفضل من جهاز لا يستخدمه أحد غيرك.
no-3 = إذا كان هناك خطر، يرجى الاتصال بالرقم 112.
nickname-title = أي اسم يناسبك هنا؟
nickname-hint = الأفضل اسم لا يعرفك به أحد. وليس اسمك الحقيقي.
nickname-label = اسمك المستعار هنا
nickname-other = اسم آخر
invited-by = لديك دعوة من { $partner }. يراها المرافقون عندما يبدأ حديثك معهم. الرابط يعمل مرة واحدة.
invited-not = هذه الدعوة انتهت أو ليست صحيحة. يمكنك المشاركة بدون دعوة أيضًا.
nicknames = أقحوان, زنبق, قرنفل, بنفسج, توليب, لافندر, نعناع, زعتر, ميرمية, صفصاف, زيتون, صنوبر, سنديان, لوز, رمان, ليمون, فراشة, سنونو, بلبل, هدهد, كناري, لقلق, سنجاب, دلفين
choose-title = ما الذي يناسبك الآن؟
choose-title-named = ما الذي يناسبك الآن يا { $name }؟
choose-peers = التحدث مع آخرين
choose-peers-about = أولًا حديث قصير مع مرافق. ثم في المجموعة.
choose-peers-unseen = غير ممكن الآن: لا نرى حاليًا هل يوجد مرافق.
choose-peers-closed = غير ممكن الآن: لا يوجد مرافق.
choose-professional = طلب مساعدة من مختص
choose-professional-about = هذا طلب إلى مختص في المناوبة الآن.
choose-professional-nobody = لا أحد في المناوبة الآن. الأفضل الاتصال بأحد أرقام المساعدة.
choose-professional-degraded = غير ممكن الآن: يوجد عطل. الأفضل الاتصال بأحد أرقام المساعدة.
choose-professional-offline = غير ممكن الآن: التطبيق غير متصل. الأفضل الاتصال بأحد أرقام المساعدة.
choose-professional-later = التطبيق غير متصل. لن يُرسل طلبك قبل أن يعود الاتصال. الأفضل الاتصال بأحد أرقام المساعدة.
choose-later = التحدث مع شخص لاحقًا
choose-later-about = يمكنك طلب مختص. ليس من الضروري أن يكون ذلك فورًا.
choose-library = للقراءة والمعرفة
choose-library-about = الحقوق والشرطة والمال والسكن والأطفال. دون إخبار أحد بشيء.
library-open = للقراءة والمعرفة
choose-danger = أنا في خطر
choose-danger-about = تظهر لك فورًا الأرقام التي يمكنك الاتصال بها.
choose-back-to-room = رجوع إلى المحادثة
choose-back-to-call = رجوع إلى طلبك
rules-title = هكذا نتعامل هنا
rule-1 = لا أحد يحتاج إلى معرفة هويتك. لا نكتب اسم عائلة أو عنوانًا أو مدرسة. ولا ما يخص شخصًا آخر.
rule-2 = ما يُقال هنا يبقى هنا. لا نصوّر الشاشة.
rule-3 = القرار لك: ماذا يُقال، وماذا لا يُقال. القراءة فقط ممكنة أيضًا.
rule-4 = نستمع بلا أحكام. لا نسأل أحدًا عن سبب البقاء.
rule-5 = إذا كان الكلام صعبًا، نضع فوقه كلمة «تنبيه»، ونكتب باختصار.
rule-6 = لا نبحث عن بعضنا خارج هذه المجموعة.
rule-7 = قد يطلب منك مرافق أن يتحدث معك قليلًا على انفراد، أو أن تغادر المجموعة.
rule-8 = المرافق متطوع وليس مختصًا. لطلب مختص يوجد زر «طلب مساعدة من مختص».
rule-9 = يمكنك المغادرة في أي وقت. لا حاجة إلى ذكر السبب.
rules-accept = أوافق وأشارك
rules-early = يمكنك بدء الكتابة الآن. والإرسال ممكن عند وجود اتصال.
rules-sending = نسأل إن كان دخولك ممكنًا…

## With the hosts

line-title = محادثة مع المرافقين
line-wait = يمكن للمرافقين الموجودين الآن قراءة هذا. لا نعرف متى يأتي جواب. يمكنك الكتابة من الآن.
line-private = القراءة هنا لك وللمرافقين فقط. المجموعة لا تقرأ هذا.
line-talk = محادثتك الآن مع مرافق. يمكن للمرافق إدخالك إلى المجموعة.
line-place = هل انقطع الاتصال، أو أعدت تحميل الصفحة؟ يبقى مكانك محفوظًا عشر دقائق.
line-first = لا أحد ينتظر قبلك.
line-almost = ينتظر قبلك شخص أو شخصان.
line-some = ينتظر قبلك عدد قليل من الأشخاص.
host-away = { $minutes ->
    [0] غياب منذ لحظات
    [one] غياب منذ دقيقة واحدة
    [two] غياب منذ دقيقتين
    [few] غياب منذ { $minutes } دقائق
    [many] غياب منذ { $minutes } دقيقة
   *[other] غياب منذ { $minutes } دقيقة
  }
host-place-free = غياب؛ والمكان شاغر
line-rules = هكذا نتعامل هنا

## Talking

peer-title = المجموعة
peer-title-number = المجموعة { NUMBER($number) }
log-label = الرسائل
log-empty = لم يُكتب شيء هنا منذ دخولك. ما قيل قبل ذلك لا يظهر لك.
log-empty-call = لم يُكتب شيء هنا بعد.
members = الموجودون هنا ({ NUMBER($count) })
role-person = من المشاركين
role-host = مرافق
role-professional = مختص
role-professional-of = مختص، { $service }
role-presenter = مقدّم الورشة
role-coordinator = منسق
role-unproven = غير معروف
verified = تم التحقق
unproven-note = لم يتم التحقق من هوية هذا الشخص.
you = أنا
nameless = شخص بلا اسم
epoch-code = رقم المقارنة
epoch-code-about = كل من في هذه المحادثة يرى الأرقام العشرة نفسها. إذا كانت الأرقام عندك مختلفة، فهناك خطأ ما.
note-joined = { $name } هنا الآن.
note-left = { $name } خارج المحادثة الآن.
note-removed = قام مرافق بإخراج { $name } من المحادثة.
note-returned = { $name } هنا من جديد بعد غياب قصير، بمفتاح جديد.
note-missed = قيل هنا كلام لم يتمكن جهازك من قراءته. من الآن يمكنك متابعة القراءة.
note-stuck = جهاز { $name } لم يعد يشارك هنا، لأن هناك خطأ ما. قد يساعد مرافق في ذلك.
note-moved = انتقلت المجموعة إلى غرفة جديدة. ما قيل من قبل ليس هنا.
composer-label = رسالتك
composer-hint = الكتابة هنا
send = إرسال
sending = جارٍ الإرسال…
sent = تم الإرسال
not-sent = لم يتم الإرسال
retry = محاولة مرة أخرى
catching-up = نجلب المحادثة…
leave = مغادرة
alarm = هناك خطأ ما في هذه المحادثة. لم نعد نرسل شيئًا هنا. يمكنك انتظار مرافق، أو الضغط على «مغادرة» والبدء من جديد.
hint-phone = هذا يشبه رقم هاتف.
hint-mail = هذا يشبه عنوان بريد إلكتروني.
hint-postcode = هذا يشبه رمزًا بريديًا.
hint-plate = هذا يشبه رقم لوحة سيارة.
hint-street = هذا يشبه عنوانًا.
hint-name = هذا يشبه اسمًا كاملًا.
hint-ask = هل نرسله فعلًا؟
hint-send = نعم، إرسال كما هو
hint-change = أريد تعديله
gone-removed = أخرجك مرافق من المحادثة. أحيانًا يكون السبب مكتوبًا في المحادثة مع المرافقين. ما زال يمكنك طلب مختص.
gone-left = خرجت من المحادثة.
gone-over = انتهت تلك المحادثة. لم تعد قراءتها هنا ممكنة.
gone-not-joined = لم ينجح الدخول إلى المحادثة. يمكنك المحاولة مرة أخرى.
failed-no-hosts = لا يوجد مرافق الآن. يمكنك طلب مختص، أو الاتصال بأحد أرقام المساعدة.
failed-admit = لا يمكن لهذا الشخص الدخول الآن. ربما لم يعد هنا، أو المجموعة ممتلئة، أو يجب أن تنتقل المجموعة أولًا إلى غرفة جديدة.
failed-open-room = لم تُفتح المجموعة. يمكنك المحاولة مرة أخرى.
failed-not-attended = المجموعة ليست مفتوحة. لا يوجد إلا مرافق واحد، أو لا يمكن الوصول إلى مختص. يرجى قراءة المكتوب ثم الاختيار من جديد.
failed-already-taken = شخص آخر استلم هذا الطلب.
failed-call-gone = هذا الطلب لم يعد موجودًا.
failed-office = لم ينجح ذلك. ربما غيّر شخص آخر شيئًا في هذه الأثناء، أو رفض الخادم. يرجى النظر إلى القائمة والمحاولة مرة أخرى.
failed-channel = لا يمكن أن تصلك الطلبات بهذه الطريقة. يرجى التأكد من الرقم أو العنوان.
failed-agreements-full = لا مكان لاتفاق آخر. يمكنك حذف واحد، أو جمع اثنين في واحد.
failed-agreement-long = هذا الاتفاق طويل جدًا. يمكنك كتابته بشكل أقصر.
failed-agreement-empty = لم يُكتب بعد ما اتُّفق عليه.
failed-outcome = لا يمكن أن تكون النهاية هكذا. يرجى مراجعة إجاباتك.
failed-other = لم ينجح ذلك. ربما ينجح بمحاولة أخرى.

## What is planned

planned-title = قريبًا
planned-when = { $day }، من { $from } إلى { $until }
planned-open = مفتوحة الآن
planned-open-now = مفتوحة الآن: { $theme }، حتى { $until }.
planned-next = المجموعة القادمة: { $day } الساعة { $time }، { $theme }.
planned-hosts = المرافقون: { $names }.
planned-size = عدد الأماكن: { NUMBER($count) }.
planned-language = { $code ->
    [nl] باللغة الهولندية.
    [en] باللغة الإنجليزية.
    [ar] باللغة العربية.
   *[other] اللغة: { $code }.
  }
planned-by-invitation = بدعوة فقط.
plan-title = التقويم
plan-nothing = لا توجد مواعيد بعد.
plan-new = تخطيط مجموعة
plan-theme = الموضوع
plan-day = اليوم
plan-time = وقت البداية
plan-length = المدة
plan-minutes = { NUMBER($count) } دقيقة
plan-size = كم عدد الأشخاص؟
plan-language = اللغة
plan-hosts = من يرافق المجموعة؟
plan-go = إضافة إلى التقويم
plan-change = تعديل
plan-change-of = تعديل { $theme }
plan-changing = تعديل موعد في التقويم
plan-save = حفظ
plan-remove = حذف
plan-remove-of = حذف: { $theme }
plan-overloaded = { $name } في التقويم أكثر من مرتين في اليوم أو أكثر من أربع مرات في الأسبوع. هذا كثير.
host-sessions = مجموعاتك
host-overloaded = لديك أكثر من أربع مجموعات في أسبوع، أو أكثر من اثنتين في يوم. هذا كثير. الأفضل الحديث عن ذلك مع المنسق.
opening-which = لأي مجموعة من التقويم؟
opening-for = { $time }، { $theme }
opening-none = ليست مجموعة من التقويم
failed-plan = لا يمكن وضع هذا في التقويم هكذا. يرجى مراجعة الموضوع والوقت والمرافقين.

## Who may speak

floor-frozen = لا يوجد مرافق الآن. لا يمكن لأحد الإرسال في هذه اللحظة. ما كتبته يبقى في مكانه.
floor-waiting = لم تُفتح المجموعة بعد. يمكنك الانتظار هنا. إذا فُتحت المجموعة، يمكنك الكتابة فورًا.
floor-unstaffed = لا يوجد الآن مختص في المناوبة في هذا التطبيق. لكن أرقام المساعدة تعمل.
floor-closed = هذه المجموعة مغلقة. لم يعد الإرسال هنا ممكنًا.
floor-closed-unattended = لم يرجع أي مرافق. لذلك أُغلقت هذه المجموعة. لم يعد الإرسال هنا ممكنًا.
floor-muted = أوقف مرافق الإرسال من عندك مؤقتًا، حتى الساعة { $time }. ما كتبته يبقى في مكانه.
floor-aside = يريد مرافق التحدث معك قليلًا على انفراد. ما كتبته هنا يبقى في مكانه.
floor-held = رسائلك يقرؤها مرافق أولًا.
floor-slow = على مهل: { NUMBER($seconds) } ثانية بين كل رسالتين.
floor-ends = تنتهي المجموعة الساعة { $time }.
floor-ends-soon = بقي وقت قليل: تنتهي المجموعة الساعة { $time }.
recognise = هنا شخص أعرفه
went-away = خروجك من المجموعة جارٍ الآن، كما طلبت. يرى الآخرون فقط أنك خرجت. ويقرأ المرافقون أن البقاء هناك لا يناسبك الآن، ولا يقرؤون السبب.
note-went-away = { $name } خارج المجموعة باختيار شخصي: البقاء هناك غير مناسب الآن. يمكنك السؤال هنا عن الحال.
hide-member = إخفاء رسائل { $name }
show-member = إظهار رسائل { $name } من جديد
hidden-message = رسالة من شخص أخفيت رسائله.
hidden-show = إظهار هذه الرسالة
crisis-mark = يرجى الانتباه إلى هذا
to-line = التحدث مع مرافق
to-group = رجوع إلى المجموعة
held = في انتظار المرافق
returned = لم تُنشر. كتب المرافق: { $reason }
returned-change = تعديل
message-discard = حذف
held-title = في انتظارك
held-of = رسالة من { $name }:
held-let-through = السماح بنشرها
held-return = إرجاعها
held-reason = لماذا؟ جوابك يصل إلى { $name }.
held-reason-known = قد يعرفك أحد من هذا. هل يمكنك حذفه؟
held-reason-heavy = قد يكون هذا صعبًا على الآخرين. هل يمكنك وضع كلمة «تنبيه» فوقه، بدون تفاصيل؟
held-reason-hurts = قد يؤلم هذا شخصًا آخر. هل يمكنك قوله بطريقة أخرى؟
held-count = { $count ->
    [one] رسالة واحدة في انتظارك
    [two] رسالتان في انتظارك
    [few] { $count } رسائل في انتظارك
    [many] { $count } رسالة في انتظارك
   *[other] { $count } رسالة في انتظارك
  }
opening-about = لم تُفتح هذه المجموعة بعد. الكلام الآن للمرافقين فقط.
opening-two = يوجد مرافقان أو أكثر.
opening-alone = لا يوجد هنا مرافق غيرك. وجود اثنين أفضل.
opening-staffed = يمكن الوصول إلى مختص.
opening-unstaffed = لا يمكن الآن الوصول إلى مختص. يقرأ المشاركون ذلك أيضًا.
opening-unknown = لا نعرف الآن هل يمكن الوصول إلى مختص.
opening-open = فتح المجموعة
opening-anyway = فتح المجموعة رغم ذلك
measures = إجراءات
measure-slow = سرعة الكتابة
measure-slow-off = لكل شخص سرعته
measure-slow-seconds = { NUMBER($seconds) } ثانية بين كل رسالتين
measure-newcomers = من يدخل لاحقًا
measure-newcomers-off = يشارك في الكلام فورًا
measure-newcomers-count = { $count ->
    [one] قراءة أول رسالة قبل نشرها
    [two] قراءة أول رسالتين قبل نشرهما
    [few] قراءة أول { $count } رسائل قبل نشرها
    [many] قراءة أول { $count } رسالة قبل نشرها
   *[other] قراءة أول { $count } رسالة قبل نشرها
  }
measure-until = إنهاء بعد { NUMBER($minutes) } دقيقة
measure-longer = ربع ساعة إضافية
measure-close = إغلاق المجموعة
measure-close-about = عندها لا يمكن لأحد قول شيء هنا. ولا تُفتح المجموعة من جديد.
measure-close-now = إغلاق المجموعة الآن
measure-close-not = إبقاء المجموعة مفتوحة
member-more = إجراءات تخص { $name }
member-mute = إيقاف الإرسال 10 دقائق
member-muted = الإرسال متوقف حتى { $time }
member-unmute = السماح بالإرسال من جديد
member-hold = قراءة الرسائل أولًا
member-held = الرسائل تصل إلى المرافقين أولًا
member-release = السماح بالكلام بحرية من جديد
member-aside = إخراج مؤقت من المجموعة لحديث على انفراد
member-is-aside = في حديث على انفراد مع مرافق
member-back = إعادة إلى المجموعة
member-line = التحدث على انفراد مع { $name }
remove-reason = لماذا؟ جوابك يظهر لـ { $name } في المحادثة مع المرافقين.
remove-block = منع العودة إلى هذه المجموعة 24 ساعة
remove-not = لا، تراجع
host-blocked = لا عودة إلى المجموعة { NUMBER($number) } حتى { $day } الساعة { $time }.
line-blocked = لا يمكنك دخول المجموعة حتى { $day } الساعة { $time }. يمكنك هنا التحدث مع المرافقين، أو طلب مختص.
ready-title = نصوص جاهزة
ready-welcome = أهلًا بالجميع. جميل أن نكون هنا معًا. لا داعي لأن يحكي أحد أي شيء.
ready-round = لنبدأ بجولة. ما الكلمة التي تصف حالك هذا المساء؟
ready-names = لنفكر في أمان بعضنا: لا أسماء، ولا أماكن، ولا مدارس.
ready-heavy = إذا كان الكلام صعبًا، نضع فوقه كلمة «تنبيه». ولا نذكر تفاصيل العنف.
ready-last = نتوقف بعد عشر دقائق. هل بقي لديك شيء لقوله؟
ready-help = هل الأمر صعب عليك الآن؟ يمكنك طلب مختص، أو التحدث قليلًا على انفراد مع مرافق.

## Asking a professional

intake-title = طلب مساعدة من مختص
intake-lead = لا يلزم ملء أي شيء. اختيار واحد فقط ضروري: هل يُسمح لمختص بالتحدث معك.
intake-skip = الانتقال مباشرة إلى هذا الاختيار
intake-service = إلى من يذهب طلبك؟
intake-service-open = { $service }: في المناوبة الآن
intake-service-closed = { $service }: لا أحد في المناوبة الآن
intake-when = متى يناسبك التحدث مع شخص؟
intake-when-today = اليوم
intake-when-contact = في وقت يناسب شخص الاتصال الخاص بي
intake-now = الآن
intake-safe = هل وضعك آمن الآن؟
intake-read-along = هل يقرأ معك أحد؟
answer-yes = نعم
answer-no = لا
answer-unknown = لا أعرف
intake-minutes = كم من الوقت يمكنك الكتابة الآن؟
minutes-unsaid = لا أعرف
minutes = { $count ->
    [60] ساعة أو أكثر
    [one] حوالي دقيقة واحدة
    [two] حوالي دقيقتين
    [few] حوالي { $count } دقائق
    [many] حوالي { $count } دقيقة
   *[other] حوالي { $count } دقيقة
  }
intake-where = أين الجميع؟
intake-where-is-he = أين هو أو هي الآن؟
intake-where-is-he-hint = الشخص الذي لا أمان لك معه. لا حاجة إلى اسم أو عنوان.
intake-children = أين الأطفال، إن كان هناك أطفال؟
intake-words = بكلماتك
intake-wants = ما أهم شيء لك الآن؟
intake-tried = ماذا جرّبت حتى الآن؟
intake-flags = هل يحدث شيء من هذا؟
intake-flags-lead = يمكنك اختيار ما ينطبق. ويمكنك عدم اختيار شيء.
flag-strangulation = تعرضت للخنق (ضغط على الرقبة)
flag-separation = رحلت، أو أريد الرحيل
flag-stalking = هناك من يتبعني أو يراقبني
flag-threats = كان هناك تهديد بقتل شخص
flag-weapon = يوجد سلاح
flag-fear = أخاف ألا أبقى على قيد الحياة
intake-language = اللغة
intake-language-label = بأي لغة يناسبك الحديث؟
language-name = العربية
consent-title = ما الذي تشمله موافقتك؟
consent-read = يرجى قراءة هذا أولًا:
consent-volunteer = المرافق متطوع. قواعد التبليغ الهولندية (meldcode) لا تسري على المتطوعين.
consent-professional = أما المختص من فريق الحي أو Veilig Thuis فعليه اتباع قواعد التبليغ. إذا كان هناك خطر شديد الآن، يمكنه تقديم بلاغ إلى Veilig Thuis، حتى إن كان ذلك ضد رغبتك. إذا كان ذلك آمنًا، يقول لك ذلك أولًا.
consent-police = للشرطة واجبات خاصة بها، وهي مختلفة. الأفضل السؤال عنها قبل قول المزيد.
consent-anonymous = نحن لا نعرف اسمك ولا مكان سكنك. وما لم نعرف ذلك منك، لا يمكن عمليًا أن يكون بلاغ كهذا عنك.
consent-each = كل اختيار مستقل. ما بقي بلا اختيار، فلا موافقة منك عليه.
consent-talk = أسمح لمختص بالدخول والتحدث معي
consent-needed = يرجى أولًا الاختيار في الأعلى: هل يُسمح لمختص بالتحدث معك. بدون هذا الاختيار لا يمكننا إرسال طلب.
consent-left-behind = ما كتبته هنا لا يُرسل كله الآن. يُرسل فقط ما وافقت عليه في الأعلى.
consent-summary = أسمح للمختص بقراءة ما كتبته في الأعلى
consent-last-messages = أسمح للمختص بقراءة رسائلي الأخيرة من المجموعة
consent-municipality = أسمح للمختص بمعرفة البلدية التي أنا فيها
consent-identity = أسمح للمختص بمعرفة من أنا، إذا كشفت ذلك بنفسي
consent-share-with-partner = أسمح للمختص بالتشاور مع جهة أخرى، إذا ذُكر اسم هذه الجهة
consent-host-comes-along = أسمح لمرافق بالبقاء في المحادثة
intake-reach = لاحقًا
intake-safe-ways = متى وكيف يكون الوصول إليك آمنًا؟
intake-municipality = ما اسم بلديتك (gemeente)؟
intake-municipality-hint = لا يُرسل هذا إلا إذا وافقت عليه.
intake-optional = يمكنك ترك هذا فارغًا
raise-about = بعد الإرسال يظهر لك هنا ما يحدث. لا نعرف بعد هل سننجح في الوصول إلى أحد.
raise-later = قد يمر وقت قبل أن يأتي جواب. يمكنك النظر هنا لاحقًا: نحن لا نرسل لك شيئًا.
raise-send = إرسال طلب المساعدة
raising = نجهّز طلبك…

## The call

call-title = طلبك للمساعدة
call-not-sent = لم يُرسل طلبك بعد. نواصل المحاولة.
call-stored = وصل طلبك. نحاول الوصول إلى مختص. لا نعرف بعد هل سننجح.
call-unstaffed = لا أحد في المناوبة الآن في هذا التطبيق. الأفضل عدم انتظار جواب هنا.
call-unstaffed-more = لكن طلبك يبقى موجودًا.
call-still-waiting = لم يأت جواب بعد. ليس ذلك بسببك. نواصل المحاولة.
call-still-unstaffed = لم يأت جواب بعد. ليس ذلك بسببك. طلبك يبقى موجودًا.
call-taken = رأى المختص { $who } طلبك ويفتح المحادثة.
call-active = محادثتك الآن مع { $who }، من المختصين.
call-lead-lost = نحاول من جديد الوصول إلى مختص.
call-attention = نحاول مرة أخرى الوصول إلى { $who } من أجلك. لا نعرف هل سننجح.
call-rests = لم يُكتب شيء هنا منذ ثلاثين يومًا. طلبك متوقف الآن. يمكنك المتابعة في أي وقت.
call-closed = هذا الطلب مغلق. يمكنك إرسال طلب جديد في أي وقت.
call-who = { $name } ({ $service })
call-elapsed = الوقت منذ طلبك:
call-elapsed-words = { $minutes ->
    [0] أقل من دقيقة
    [one] دقيقة واحدة
    [two] دقيقتان
    [few] { $minutes } دقائق
    [many] { $minutes } دقيقة
   *[other] { $minutes } دقيقة
  }
call-lines = هذه الأرقام تعمل الآن أيضًا
call-write = يمكنك الكتابة من الآن. من يقبل طلبك يمكنه قراءة ذلك.
call-stop = أريد التوقف
call-stop-about = عندها نوقف البحث وتُغلق المحادثة. يمكنك إرسال طلب جديد لاحقًا في أي وقت.
call-close = إغلاق الطلب
call-keep = إبقاء الطلب
call-nudge = لا يصلني جواب. أريد محاولة أخرى
call-nudged = طلبت محاولة أخرى. لا نعرف هل ستنجح.
call-undo = الإغلاق كان خطأ
call-reopen = أريد مواصلة الحديث
call-reopen-about = إذا اخترت مواصلة الحديث، نحاول من جديد الوصول إلى مختص. لا نعرف هل سننجح.
call-done = رأي { $who }: يمكن إنهاء الحديث. القرار لك.
call-done-yes = نعم، إغلاق الطلب
call-done-no = لا، أريد المتابعة
call-asked-over = سؤال من { $who } إلى { $service }: هل يمكن لأحد أن يتولى المحادثة؟
call-asked-help = سؤال من { $who } إلى { $service }: هل يمكن لأحد أن يشارك في الحديث؟
call-asked-stays = { $who } معك إلى أن يقول لك ذلك الزميل شيئًا.
call-accepted = تنتقل المحادثة إلى { $colleague } عندما تظهر لك رسالة من { $colleague }. حتى ذلك الوقت { $who } هنا.
call-assistant = في الحديث أيضًا: { $who }
agreed = الاتفاقات: { NUMBER($count) }
agreed-by = في موعد أقصاه { $day }
agreed-done = تم
agreed-look-up = قراءة ما اتُّفق عليه يوم { $day }
agreed-alone = المحادثة نفسها لم تعد موجودة. هذا ما زلنا نحفظه لك. من لديه هاتفك أو كلماتك الست يمكنه قراءته أيضًا.
agreed-away = لا أريد حفظ هذا بعد الآن
aftercare-title = هل يناسبك أن نعود إلى هذا لاحقًا؟
aftercare-about = يمكنك اختيار وقت. عند دخولك إلى هنا بعد ذلك الوقت، نسألك هل تم ما اتُّفق عليه. لا نرسل لك شيئًا أبدًا. لا أحد غيرك يرى اختيارك.
aftercare-safe = عن الأوقات الآمنة كتبت:
aftercare-when = ابتداءً من متى؟
aftercare-week = بعد أسبوع
aftercare-month = بعد شهر
aftercare-months = بعد ثلاثة أشهر
aftercare-own-day = في يوم أختاره
aftercare-time = من أي ساعة؟ يمكنك ترك هذا فارغًا.
aftercare-how = كيف؟
aftercare-question = سؤال فقط
aftercare-talk = سؤال، ومعه طريقة للتحدث مع شخص
aftercare-go = أريد أن يُطرح عليّ السؤال عندها
aftercare-chosen = عند دخولك إلى هنا بعد { $when }، نسألك عن ذلك.
aftercare-phrase = للعودة لاحقًا تلزمك ست كلمات. مكانها في «العودة لاحقًا».
aftercare-not = لم أعد أريد هذا السؤال
aftercare-counted = سبق أن أجبت عن هذا.
aftercare-asked = هل تم ما اتُّفق عليه؟
aftercare-count = نعدّ الأجوبة فقط. ولا يُسجَّل مع الجواب ممن جاء.
aftercare-partly = جزء منه
aftercare-thanks = شكرًا لك. جوابك في الطريق.
aftercare-sorry = شكرًا لأنك قلت ذلك. جوابك في الطريق. عدم إتمام ذلك ليس بسببك.
aftercare-reach = مواصلة الحديث في تلك المحادثة
aftercare-anew = إذا اخترت ذلك، يكون هذا طلبًا جديدًا. لا نعرف هل سنصل إلى أحد.
aftercare-close = انتهيت

## Who is called first

contact-title = مختص ثابت للتواصل معك
contact-about = هل اخترت شخصًا؟ عندها نحاول في طلبك القادم الوصول إليه أولًا، إذا كان في المناوبة وقتها. وإلا فإلى البديل أولًا. ثم إلى الآخرين.
contact-person = للتواصل أولًا
contact-deputy = عند غياب الأول
contact-choose = اختيار { $name } للتواصل أولًا
contact-choose-deputy = اختيار { $name } للتواصل عند غياب الأول
contact-drop = إزالة
contact-first = نحاول أولًا الوصول إلى { $name }، إذا كان هذا الشخص في المناوبة الآن.
contact-first-of-two = نحاول أولًا الوصول إلى { $name }، إذا كان هذا الشخص في المناوبة الآن. وإلا فإلى { $deputy } أولًا.

## Changing consent

consented-title = ما وافقت عليه
consented-about = يمكنك تغيير هذا في أي وقت. ما قرأه شخص من قبل، لا يمكنه نسيانه.
consented-changed = يصل هذا إلى من يتحدث معك. إذا كان التطبيق غير متصل، فلا يصل قبل أن يعود الاتصال.

## Code words

code-title = كلمات متفق عليها
code-about = يمكنك الاتفاق مع المختص على كلمات لها معنى آخر. إذا كتبت كلمة منها، فلا يرى قصدك إلا من يقرأ طلبك.
code-agreed = اتفقت على كلمة من أجل:
code-saved = الكلمات نفسها لا نعرضها هنا مرة أخرى.
code-write = الاتفاق على كلمات
code-change = اختيار كلمات أخرى
code-forget = حذف كلماتي المتفق عليها
code-choose = الأفضل كلمات تبدو عادية، لكنها ليست من كلامك المعتاد. ستة أحرف على الأقل. لا يلزم ملء كل شيء.
code-read-along = هناك من يقرأ معي
code-stop = كفى، لا أستطيع المتابعة الآن
code-send-help = مطلوب إرسال مساعدة
code-silent = إذا أرسلت الكلمة التي اتفقت عليها لطلب المساعدة، نرسل طلب مساعدة بصمت. المحادثة على شاشتك تبقى كما هي. لكن إذا غادرتها، يظهر بين اختياراتك «رجوع إلى طلبك». إذا كان التطبيق غير متصل، فلا يُرسل الطلب قبل أن يعود الاتصال، وهذا أيضًا لا يظهر لك. لا نعرف هل يأتي جواب، ولا نتصل بالرقم 112.
code-note = ما الذي يجب أن يعرفه المختص عندها؟ يُرسل هذا مع ذلك الطلب.
code-save = حفظ الكلمات
code-too-short = يرجى اختيار كلمة أطول، من ستة أحرف على الأقل.
code-too-long = يرجى اختيار كلمة أقصر، أو كتابة أقل.
code-alike = كلمتان متشابهتان كثيرًا. يرجى اختيار كلمة أخرى.
heard-read-along = كلمة متفق عليها: هناك شخص آخر يقرأ.
heard-read-along-then = يرجى عدم كتابة شيء إلا ما يمكن لأي شخص قراءته. بدون ذكر مساعدة، أو اتفاقات، أو خطط.
heard-stop = كلمة متفق عليها: كفى.
heard-stop-then = هذا الشخص لا يستطيع المتابعة الآن. لا أسئلة أخرى. يرجى الانتظار حتى تصل منه رسالة جديدة.
heard-send-help = كلمة متفق عليها: مطلوب إرسال مساعدة.
heard-send-help-then = يرجى الآن تنفيذ ما اتفقت عليه مع هذا الشخص. شاشته لا تُظهر معنى هذه الكلمة. يرجى عدم كتابة شيء إلا ما يمكن لأي شخص قراءته.

## Host

desk-until = تصريحك صالح لمدة { $days ->
    [0] أقل من يوم
    [one] يوم واحد
    [two] يومين
    [few] { $days } أيام
    [many] { $days } يومًا
   *[other] { $days } يوم
  }. يرجى طلب تصريح جديد من المنسق. بدون تصريح لا يمكنك فعل أي شيء هنا.
desk-unattended = مجموعة بلا مرافق، منذ الساعة { $time }. لا يمكن لأحد الآن الإرسال فيها. هل يمكنك الوصول إلى مرافق؟
host-title = هذا المساء
host-alias = اسمك هنا { $name }، ودورك: المرافقة.
host-lines = من ينتظر؟
host-no-lines = لا أحد ينتظر الآن.
host-invited = دعوة من { $partner }. صحيحة ولم تُستخدم من قبل.
host-invited-checking = بدعوة. نتحقق هل هي صحيحة.
host-invited-used = انتباه: هذه الدعوة من { $partner } استُخدمت من قبل.
host-invited-wrong = انتباه: هذه الدعوة انتهت أو ليست صحيحة.
host-invited-not = لم تُقدَّم أي دعوة. هذه المجموعة بدعوة فقط.
host-full = المجموعة { NUMBER($number) } ممتلئة ({ NUMBER($count) } من { NUMBER($size) }). يمكنك السماح بالدخول رغم ذلك.
host-waiting = { $minutes ->
    [0] في الانتظار منذ أقل من دقيقة
    [one] في الانتظار منذ دقيقة واحدة
    [two] في الانتظار منذ دقيقتين
    [few] في الانتظار منذ { $minutes } دقائق
    [many] في الانتظار منذ { $minutes } دقيقة
   *[other] في الانتظار منذ { $minutes } دقيقة
  }
host-admitted = في المجموعة { NUMBER($number) }
host-admitted-elsewhere = في مجموعة أخرى
host-line-left = تمت المغادرة
host-open-line = فتح المحادثة مع { $name }
host-rooms = المجموعات
host-no-rooms = لا توجد مجموعة مفتوحة بعد.
host-open-room = فتح مجموعة
host-room-about = { $count ->
    [one] شخص واحد
    [two] شخصان
    [few] { $count } أشخاص
    [many] { $count } شخصًا
   *[other] { $count } شخص
  }
host-room-waiting = غير مفتوحة بعد
host-enter-room = دخول المجموعة { NUMBER($number) }
host-admit = إدخال إلى المجموعة { NUMBER($number) }
host-admit-none = يلزم أولًا فتح مجموعة. بعدها يمكنك إدخال { $name }.
host-move = الانتقال مع المجموعة إلى غرفة جديدة
host-move-about = جهاز أحد هنا عالق، أو حماية هذه المجموعة أقدم. كل من هو هنا الآن ينتقل تلقائيًا.
host-remove = إخراج { $name }
host-professionals = المختصون
host-choose = يمكنك اختيار محادثة من القائمة.
line-with = محادثة مع { $name }

## Professional

duty-title = المناوبة
duty-alias = اسمك هنا { $name }، { $service }.
duty-online = الاتصال قائم. طلبات المساعدة تصل إلى هنا. يرجى إبقاء هذه الصفحة مفتوحة.
duty-offline = الاتصال مقطوع. لا تصل الآن أي طلبات.

duty-calls = طلبات المساعدة
duty-no-calls = لا يوجد طلب مساعدة الآن.
duty-ringing = هناك شخص ينتظر
duty-wants-over = زميل يطلب منك تولّي محادثة
duty-wants-help = زميل يطلب منك المشاركة في المساعدة
duty-since = طلب مساعدة { $minutes ->
    [0] منذ أقل من دقيقة
    [one] منذ دقيقة واحدة
    [two] منذ دقيقتين
    [few] منذ { $minutes } دقائق
    [many] منذ { $minutes } دقيقة
   *[other] منذ { $minutes } دقيقة
  }
duty-take = أقبل الطلب
duty-take-over = أتولّى المحادثة
duty-help = أنضم للمساعدة
duty-cannot = لا أستطيع
duty-why-not = لماذا لا يمكنك ذلك؟
duty-reason-busy = أساعد شخصًا آخر الآن
duty-reason-field = هذا ليس من عملي
duty-reason-off = انتهت مناوبتي
duty-reason-knows = أعرف شخصًا له علاقة بالأمر
duty-reason-other = سبب آخر
duty-taking-over = تنتقل المحادثة إليك عند أول رسالة منك. حتى ذلك الوقت يبقى زميلك فيها.
duty-assisting = دورك هنا المشاركة في المساعدة. زميل لك يقود هذه المحادثة.
duty-assist = أريد المشاركة في المساعدة
duty-attention = هناك من ينتظر جوابك
duty-rests = في سكون: لم يُكتب هنا شيء منذ ثلاثين يومًا
lead-tools = الخطوات التالية في هذه المحادثة
lead-next = تنتهي مناوبتك الساعة { $time }. بعدها تكون المناوبة لدى { $name }.
lead-next-now = انتهت مناوبتك الساعة { $time }. المناوبة الآن لدى { $name }.
lead-next-ask = أطلب من { $name } تولّي هذه المحادثة
lead-next-not = أواصل بنفسي
lead-ask = أطلب من زميل
lead-service = من أي جهة؟
lead-what = ما المطلوب؟
lead-over = تولّي المحادثة
lead-help = المشاركة في المساعدة
lead-send = إرسال إلى زميل
lead-stays = تبقى المسؤولية لديك إلى أن يكتب زميلك شيئًا.
lead-ask-first = لم يوافق هذا الشخص بعد على التشاور مع جهة أخرى. يرجى السؤال عن ذلك أولًا في المحادثة.
lead-asked-over = تم طلب شخص من { $service } لتولّي المحادثة
lead-asked-help = تم طلب شخص من { $service } للمشاركة في المساعدة
lead-unreached = لا يمكن الوصول إلى أحد هناك الآن.
lead-accepted = جاءت الموافقة من { $who }. ويجب الآن أن تُكتب رسالة من { $who }.
lead-ended-declined = لا يستطيع أحد المجيء. السبب الأخير: { $reason }.
lead-ended-nobody = لم يرد أحد.
lead-ended-words = وافق زميل، لكنه لم يكتب شيئًا.
lead-ended-withdrawn = لم يعد ذلك لازمًا.
lead-end = لا حاجة إلى ذلك بعد الآن
lead-done = أظن أننا انتهينا
lead-done-about = الشخص الذي معك يقرأ ذلك ويقرر بنفسه. لا يمكنك إغلاق طلب المساعدة من جهتك.
lead-done-said = رأيك أنكما انتهيتما. القرار للشخص الذي معك.
lead-give-back = لا أستطيع المواصلة
lead-give-back-about = عندها نطلب فورًا مختصًا آخر. والشخص الذي معك يقرأ أننا نبحث من جديد.
lead-give-back-yes = طلب مختص آخر
agreed-add = تسجيل ما اتُّفق عليه
agreed-what = ما الذي اتُّفق عليه؟
agreed-who = من سيقوم بذلك؟
agreed-when = ما آخر يوم لذلك؟ يمكن ترك هذا فارغًا.
agreed-about = الشخص الذي معك يقرأ هذا أيضًا، ويمكنه الرجوع إليه لاحقًا. يرجى فقط كتابة ما يمكن أن يظهر على شاشته: ربما ينظر إليها أحد معه.
agreed-save = تسجيل
agreed-is-done = تم تنفيذ هذا
agreed-not-done = لا، لم يُنفَّذ هذا
agreed-change = تغيير
agreed-drop = إزالة
outcome-title = كيف انتهى الأمر؟
outcome-about = هذا للعدّ فقط. لا يُذكر من هو الشخص.
outcome-due = انتهت هذه المحادثة. بقي أن نعرف منك كيف انتهى الأمر.
outcome-spoke = هل تحدّث أحد مع الشخص؟
outcome-what = ما الذي تم؟ يمكنك اختيار كل ما ينطبق.
outcome-send = إضافة إلى العدد
outcome-information = إعطاء شرح أو نصيحة
outcome-safety-plan = وضع خطة أمان
outcome-emergency = الاتصال بالرقم 112
outcome-restraining = طلب أمر إبعاد عن المنزل (huisverbod)
outcome-shelter = إيجاد مكان في دار إيواء
outcome-no-shelter = لم يكن هناك مكان في دار إيواء
outcome-advice = الحصول على نصيحة من Veilig Thuis
outcome-report-agreed = بلاغ إلى Veilig Thuis، بموافقة الشخص
outcome-report-not-agreed = بلاغ إلى Veilig Thuis، دون موافقة الشخص
outcome-police = شكوى أو بلاغ لدى الشرطة
outcome-legal = مساعدة من مستشار قانوني أو محامٍ
outcome-victim-support = منظمة Slachtofferhulp
outcome-sexual = مركز المساعدة بعد العنف الجنسي (Centrum Seksueel Geweld)
outcome-care = طبيب العائلة أو رعاية نفسية
outcome-children = مساعدة للأطفال
outcome-housing = مساعدة في السكن أو المال
outcome-contact = لدى الشخص مختص ثابت للتواصل معه
outcome-handed-over = تولّى زميل المحادثة وكتب فيها
outcome-left = غادر الشخص
outcome-not-reached = لم يتم الوصول إلى الشخص
outcome-no-need = لم تعد هناك حاجة إلى شيء
outcome-misuse = لم يكن طلب المساعدة حقيقيًا
own-times-title = أوقات ردك
own-times-taken = من ظهور الطلب على هذه الشاشة حتى قبولك له: { $time }
own-times-spoke = من ذلك الحين حتى رسالتك الأولى: { $time }
own-times-seconds = { $seconds ->
    [one] ثانية واحدة
    [two] ثانيتان
    [few] { $seconds } ثوانٍ
    [many] { $seconds } ثانية
   *[other] { $seconds } ثانية
  }
own-times-minutes = { $minutes ->
    [one] دقيقة واحدة
    [two] دقيقتان
    [few] { $minutes } دقائق
    [many] { $minutes } دقيقة
   *[other] { $minutes } دقيقة
  }
own-times-about = { $calls ->
    [one] من آخر طلب مساعدة لديك. لا يرى هذا أحد غيرك.
    [two] الوقت الأوسط من آخر طلبين لديك. لا يرى هذا أحد غيرك.
    [few] الوقت الأوسط من آخر { $calls } طلبات لديك. لا يرى هذا أحد غيرك.
    [many] الوقت الأوسط من آخر { $calls } طلبًا لديك. لا يرى هذا أحد غيرك.
   *[other] الوقت الأوسط من آخر { $calls } طلب لديك. لا يرى هذا أحد غيرك.
  }
duty-key = المفتاح ما زال في الطريق. لا يمكنك قبول الطلب بعد.
duty-taking = جارٍ القبول…
duty-taken = هذا الطلب لديك الآن. يرجى كتابة رسالة أولى: حتى ذلك الحين يستمر حساب الوقت.
duty-active = في محادثة
duty-closed = أغلق الشخص المعني هذا الطلب بنفسه
duty-not-yours = لا يلزمك الآن فعل شيء: هذا الطلب لدى شخص آخر، أو اعتذرت عنه، أو انتهى.
duty-open = فتح المحادثة
duty-waits = ما زال في انتظار مختص
duty-card = المعلومات الأولى
duty-no-card = لا يمكن قراءة المعلومات الأولى بعد.
duty-when = متى
duty-when-today = اليوم
duty-when-contact = عندما يتوفر شخص الاتصال
duty-last-messages = آخر ما قاله الشخص في المجموعة
duty-code-words = كلمات متفق عليها
duty-consents = الموافقة
duty-not-consented = دون موافقة
duty-nothing-said = لم يُذكر
duty-minutes = الوقت المتاح للكتابة
duty-room-not-ready = جارٍ فتح المحادثة…

## Coordinator

office-title = المكتب
office-you = دورك هنا: التنسيق.
office-lead = هنا يمكنك إدارة التصاريح. من دون تصريح صالح لا يستطيع أي زميل فعل شيء هنا.
office-alarm-unanswered = هناك طلب مساعدة لم يُجِب عنه أحد بعد. يرجى الاتصال هاتفيًا بشخص لديه مناوبة.
office-alarm-often = تم تسليم أحد طلبات المساعدة أكثر من مرتين. يرجى الاتصال هاتفيًا بشخص لديه مناوبة.
office-loading = جارٍ إحضار القائمة…
office-saving = جارٍ الحفظ…
office-due = { $count ->
    [one] تصريح واحد ينتهي خلال شهر، أو انتهى بالفعل:
    [two] تصريحان ينتهيان خلال شهر، أو انتهيا بالفعل:
    [few] { $count } تصاريح تنتهي خلال شهر، أو انتهت بالفعل:
    [many] { $count } تصريحًا ينتهي خلال شهر، أو انتهى بالفعل:
   *[other] { $count } تصريح ينتهي خلال شهر، أو انتهى بالفعل:
  }
office-renew = { $count ->
    [one] تجديد تصريح واحد
    [two] تجديد تصريحين
    [few] تجديد { $count } تصاريح
    [many] تجديد { $count } تصريحًا
   *[other] تجديد { $count } تصريح
  }
office-colleagues = الزملاء
office-until = التصريح صالح حتى { $date }
office-ends-soon = ينتهي خلال شهر
office-ended = انتهى
office-uncovered = ما زال الاسم في جدول المناوبات بعد انتهاء التصريح
office-revoke = سحب التصريح
office-revoke-of = سحب التصريح: { $name }
office-revoke-sure = هل هذا أكيد؟ عندها تتوقف فورًا كل صلاحيات { $name } هنا.
office-revoke-yes = نعم، سحب التصريح
office-revoke-not = إبقاء التصريح
office-proposals = الاقتراحات
office-signed = التوقيعات: { NUMBER($signed) } من { NUMBER($needed) }
office-cosign = أوقّع أيضًا
office-cosign-of = أوقّع أيضًا من أجل { $name }
office-cosigned = تم توقيعك.
office-certify = منح تصريح لشخص
office-certify-role = ماذا سيفعل هذا الشخص هنا؟
office-certify-alias = الاسم هنا
office-certify-alias-hint = هذا الاسم يراه الجميع. ليس من الضروري أن يكون الاسم الحقيقي.
office-certify-service = الجهة
office-certify-service-hint = يجب أن يُكتب تمامًا كما في جدول المناوبات، مثلًا: veilig-thuis
office-certify-go = إصدار التصريح
office-away = يصبح هذا ممكنًا من جديد عند عودة الاتصال. ما كتبته يبقى هنا.
office-invite = إنشاء دعوة
office-invite-partner = من يقدّم الدعوة؟
office-invite-hint = من يأتي عبر الرابط يرى هذا الاسم. والمرافقون يرونه أيضًا.
office-invite-go = إنشاء الرابط
link-for = رابط من أجل { $about }
link-from = دعوة من { $about }
link-staff = هذا الرابط من أجل { $about } فقط. من لديه الرابط يستطيع الدخول هنا باسم { $about }. نعرضه مرة واحدة فقط.
link-paste = لا يُنصح بالضغط عليه: فهو يبقى عندها في المتصفح. يمكن فتح { $address } واختيار «{ $choice }» ولصقه هناك.
link-invitation = هذا الرابط يعمل مرة واحدة، ولمدة ثلاثة أيام.
link-done = انتهيت، إزالة الرابط

## Coming back

device-open = حفظ دخولي على هذا الجهاز
device-lead = عندها لا يلزمك الرابط هنا بعد ذلك. يرجى أولًا قراءة هذا:
device-own = يبقى شيء محفوظًا على هذا الجهاز. يرجى فعل ذلك فقط على جهاز هو لك ولا يستعمله أحد غيرك.
device-pin = يلزمك اختيار رمز سري من ستة أرقام أو أكثر. وهذا الرمز لازم في كل مرة.
device-whoever = من لديه هذا الجهاز ورمزك السري يستطيع الدخول هنا باسمك.
device-stays = «خروج سريع» لا يزيل هذا. يمكنك إزالته بنفسك، من أي جهاز دخلت منه.
device-keep = حفظ دخولي
device-count = { $count ->
    [one] جهاز واحد يحفظ دخولك.
    [two] جهازان يحفظان دخولك.
    [few] { $count } أجهزة تحفظ دخولك.
    [many] { $count } جهازًا يحفظ دخولك.
   *[other] { $count } جهاز يحفظ دخولك.
  }
device-forget = إلغاء حفظ دخولي على كل الأجهزة
pin-title = رمزك السري
pin-label = الرمز السري
pin-short = في الرمز السري ستة أرقام على الأقل، ولا شيء غير الأرقام.
pin-wrong = هذا الرمز السري غير صحيح، أو أُلغي حفظ الدخول على هذا الجهاز. بعد الخطأ عشر مرات يُلغى حفظ الدخول على الجهاز.
pin-without = المتابعة من دونه

phrase-open = العودة لاحقًا
phrase-title = العودة لاحقًا
phrase-lead = بست كلمات يمكنك لاحقًا المتابعة من حيث توقفت. وعلى جهاز آخر أيضًا.
phrase-lost = من لديه الكلمات يستطيع قراءة كل ما هو لك هنا. من دون الكلمات لا يصل إليه أحد، ولا حتى نحن. إذا ضاعت منك الكلمات، ضاع منك هذا.
phrase-draw = عرض ست كلمات
phrase-write = يرجى حفظها عن ظهر قلب، أو كتابتها حيث لا يبحث أحد. وهذه هي الكلمات نفسها في شكل أرقام هاتف. يمكنك أيضًا كتابة هذه الأرقام.
phrase-keep = الكلمات معي الآن
phrase-other = كلمات أخرى
phrase-keeping = لحظة من فضلك. جارٍ الحفظ.
phrase-kept = تم. هذه الكلمات مرتبطة الآن بمكانك هنا.
phrase-waits = لم يتم بعد: لا يوجد اتصال. إذا غادرت الآن، فلن تعمل هذه الكلمات.
screen-code-open = رمز لهذه الشاشة
screen-code-title = رمز لهذه الشاشة
screen-code-about = إذا بقيت هذه الشاشة عشر دقائق دون لمس، فإنها لا تفتح إلا بهذا الرمز. من يأخذ الهاتف بعد ذلك لا يقرأ شيئًا.
screen-code-lost = عند نسيان الرمز تكون العودة بالكلمات الست فقط. وبعدها يمكن إيقافه.
screen-code-label = من أربعة إلى ثمانية أرقام
screen-code-short = المطلوب من أربعة إلى ثمانية أرقام.
screen-code-go = تشغيل الرمز
screen-code-on = الرمز مشغّل.
screen-code-off = إيقاف الرمز
return-open = لديّ ست كلمات أو رابط
return-title = العودة
return-lead = يمكنك كتابة كلماتك الست، مع مسافة بينها. أو كتابة أرقام الهاتف الثلاثة. ويمكن أيضًا لصق رابط.
return-label = كلماتك
return-meant = هل المقصود: { $words }؟
return-looking = لحظة من فضلك. نبحث عما هو لك.
return-count = هذه ليست ست كلمات ولا ثلاثة أرقام هاتف. يرجى النظر مرة أخرى.
return-words = كلمة أو أكثر ليست في قائمتنا. يرجى النظر إلى الحروف.
return-digits = هناك خطأ في أحد الأرقام. يرجى النظر مرة أخرى.
return-nothing = لا يوجد شيء محفوظ بهذه الكلمات. هل هي صحيحة؟ يمكنك أيضًا البدء من جديد.
return-not-now = لا ينجح هذا الآن. يمكنك المحاولة مرة أخرى بعد قليل.
returning-title = جارٍ إحضار ما هو لك
returning-lead = هذا ممكن فقط عند وجود اتصال.
elsewhere-title = فُتحت في مكان آخر
elsewhere-lead = هذه المحادثة مفتوحة الآن على جهاز آخر أو في علامة تبويب أخرى. لم يبقَ منها شيء هنا.
elsewhere-not-you = هل فعل ذلك شخص غيرك؟ إذن يمكنك المتابعة هنا، فيتوقف الأمر هناك.
elsewhere-take-over = المتابعة هنا
failed-not-kept = لا يمكن حفظ هذه المحادثة الآن. يمكنك مواصلة الحديث. إذا أغلقت هذه الصفحة، ضاعت منك المحادثة.
failed-damaged = لم نعد نستطيع قراءة جزء مما كان محفوظًا.

## Reporting, looking back

report = ملاحظة عن أمر يخص شخصًا
report-who = من الشخص المقصود؟
report-choose = اختيار شخص
report-what = هل يخص الأمر رسالة؟
report-no-message = لا يخص رسالة واحدة
report-why = ما المشكلة؟ لا يلزمك كتابة أي شيء.
report-to = من يُسمح له بقراءة هذا؟
report-hosts = المرافقون
report-past = المنسق فقط. المرافقون لا يقرؤون هذا.
report-send = إرسال الملاحظة
report-sending = جارٍ إرسال ملاحظتك…
report-sent = تم إرسال ملاحظتك. لا نعرف متى يقرؤها أحد.
report-about = ملاحظة عن { $name } ({ $role })
report-why-said = المشكلة:
report-proven = تم التحقق: هذا من كتابة { $name } فعلًا.
report-not-proven = لا يمكن التحقق من أن هذا كُتب بهذا الشكل.
failed-letter = لم يتم إرسال ذلك. ما كتبته ما زال موجودًا. يمكنك المحاولة لاحقًا، أو الاتصال بأحد الأرقام.
stay-about = يبقى هنا مرافق حتى الساعة { $time }. هل لديك رغبة في مواصلة الحديث قليلًا؟
stay-go = البقاء قليلًا
stay-on = البقاء ربع ساعة أخرى
stay-on-about = بهذا تُفتح مجموعة جديدة لمن يريد البقاء قليلًا. من يريد ذلك يأتي إلى محادثته معكم.
stays = بقاؤك مستمر حتى الساعة { $time }، في مجموعة جديدة.
survey-title = كيف كان الأمر بالنسبة إليك؟
survey-lead = لا يلزمك الجواب عن أي شيء. نعدّ الأجوبة فقط، ولا نحفظ من قال ماذا.
survey-heard = هل شعرت بأن هناك من يستمع إليك؟
survey-respected = هل تمت معاملتك باحترام؟
survey-informed = هل حصلت على معلومات جيدة؟
survey-helped = هل شعرت بأنك وجدت مساعدة؟
survey-partly = قليلًا
survey-send = إرسال
survey-sent = شكرًا لك. تم احتساب جوابك.
debrief-title = كيف كان الأمر بالنسبة إليك؟
debrief-lead = يقرأ المنسق ما يُكتب هنا. يرجى عدم كتابة أي شيء قد يُعرف منه أحد المشاركين.
debrief-how = كيف كان الأمر بالنسبة إليّ؟
debrief-hand-over = ماذا يجب أن يعرف المرافقون في المرة القادمة؟ هذا يُرسل إليهم أيضًا.
debrief-call-me = أريد مكالمة هاتفية
debrief-send = إرسال
debrief-sent = تم الإرسال. شكرًا لك.
letters-title = الرسائل
letter-at = { $day }، الساعة { $time }
letter-debrief = رسالة من { $name } عن المجموعة
letter-hand-over = رسالة من { $name } إليكم
letter-call-me = مطلوب: مكالمة هاتفية مع { $name }
letter-unreadable = لا يمكن قراءة هذه الرسالة. ربما لا تصح هوية كاتبها.
letter-done = وضع علامة: تمت المعالجة
letter-read = تمت قراءتها
numbers-title = ماذا يقول المشاركون
numbers-about = لا نعرض الأعداد الأقل من 10. هكذا لا يمكن التعرف على أحد.
numbers-none = لم يُعدّ شيء بعد.
numbers-few = من 1 إلى 9
numbers-month = { $month ->
    [1] يناير (كانون الثاني)
    [2] فبراير (شباط)
    [3] مارس (آذار)
    [4] أبريل (نيسان)
    [5] مايو (أيار)
    [6] يونيو (حزيران)
    [7] يوليو (تموز)
    [8] أغسطس (آب)
    [9] سبتمبر (أيلول)
    [10] أكتوبر (تشرين الأول)
    [11] نوفمبر (تشرين الثاني)
   *[other] ديسمبر (كانون الأول)
  } { NUMBER($year) }

## The workshop

stage-title = الورشة
stage-lead = يستطيع أي شخص الدخول إلى هنا. يرجى عدم كتابة أي شيء قد تُعرف منه هويتك. من يدير الورشة يختار الأسئلة التي تظهر على الشاشة.
stage-knocking = نسأل إن كان دخولك ممكنًا…
stage-many = هناك بالفعل ثلاثة أسئلة منك في الانتظار.
stage-count = { $count ->
    [one] شخص واحد هنا
    [two] شخصان هنا
    [few] { $count } أشخاص هنا
    [many] { $count } شخصًا هنا
   *[other] { $count } شخص هنا
  }
stage-agenda = البرنامج
stage-set-agenda = كتابة البرنامج
stage-agenda-lines = بند واحد في كل سطر
stage-agenda-go = نشر البرنامج
stage-questions = الأسئلة
stage-ask = سؤالك
stage-ask-go = طرح السؤال
stage-question-waits = سؤالك في الانتظار: { $text }
stage-question-refused = هذا السؤال منك لن يظهر على الشاشة: { $text }
stage-no-place = لا مكان الآن لسؤال. نصك ما زال موجودًا. يمكنك المحاولة مرة أخرى بعد قليل.
stage-not-sent = لم يتم إرسال سؤالك. نصك ما زال موجودًا.
stage-upvote = أريد معرفة هذا أيضًا
stage-upvotes = { $count ->
    [one] شخص آخر يريد معرفة هذا أيضًا.
    [two] شخصان آخران يريدان معرفة هذا أيضًا.
    [few] { $count } أشخاص آخرين يريدون معرفة هذا أيضًا.
    [many] { $count } شخصًا آخر يريدون معرفة هذا أيضًا.
   *[other] { $count } شخص آخر يريدون معرفة هذا أيضًا.
  }
stage-answered = تمت الإجابة.
stage-show = عرض السؤال
stage-refuse = عدم عرض السؤال
stage-is-answered = تمت الإجابة عنه
stage-statements = عبارات للتصويت
stage-new-statement = عبارة جديدة
stage-put = طرحها للتصويت
stage-close = إغلاق التصويت
stage-votes = { $count ->
    [zero] لا أصوات بعد
    [one] صوت واحد
    [two] صوتان
    [few] { $count } أصوات
    [many] { $count } صوتًا
   *[other] { $count } صوت
  }
stage-agree = أوافق
stage-neither = لا أعرف
stage-disagree = لا أوافق
stage-part = { $label }: { NUMBER($count) } ({ NUMBER($percent) } في المئة)
stage-result = النتائج
stage-result-about = يمكنك نسخ هذا لحفظه. يرجى التأكد من عدم وجود أسماء فيه.
stage-open = فتح القاعة
stage-go = الذهاب إلى الورشة
stage-panel = من يديرون الورشة
stage-not-led = من يدير الورشة غير متصل الآن. لا يستطيع أحد الآن عرض أسئلة أو إدخال أشخاص. يمكنك الانتظار أو المغادرة.
stage-take-out = إخراج من طرح هذا السؤال من القاعة
stage-take-out-about = عندها لا يقرأ ذلك الشخص هنا شيئًا بعد ذلك. ولا يبقى السؤال على الشاشة. الورشة للجميع: يستطيع ذلك الشخص الدخول من جديد.
stage-take-leader-out-about = عندها لا يدير هذا الزميل الورشة بعد ذلك. ولن يدخل هذا الزميل إلى هنا مرة أخرى.
stage-take-out-now = إخراج من القاعة الآن
stage-end = إغلاق الورشة
stage-end-about = عندها يقرأ الجميع أن الورشة انتهت. لا يستطيع أحد بعدها طرح سؤال هنا أو التصويت. ولن تُفتح هذه القاعة مرة أخرى.
stage-end-now = إغلاق الورشة الآن
stage-end-not = مواصلة الورشة
stage-over = أُغلقت الورشة. لا يمكنك بعد الآن طرح سؤال هنا أو التصويت. تبقى النتائج هنا لمدة ساعة بعد النهاية.
stage-come = الانضمام في القاعة
presenter-title = ورشاتك
presenter-alias = اسمك هنا { $name }، ودورك: تقديم الورشة.
presenter-workshops = الورشات
presenter-choose = يرجى اختيار ورشة.
planned-presenters = مع { $names }.
planned-workshop = ورشة، للجميع.
plan-workshop = هذه ورشة
failed-no-stage = هذه الورشة ليست مفتوحة الآن.

## Waiting, and not now

line-expect = ما الذي يمكنك توقعه؟
expect-1 = أولًا حديث قصير على انفراد مع مرافقة أو مرافق. السؤال فيه: كيف حالك، وهل الكتابة آمنة لك الآن؟
expect-2 = في المجموعة خمسة عشر شخصًا على الأكثر. يرون فقط الاسم الذي اخترته هنا.
expect-3 = مرافق يفتح المحادثة وينتبه إليها ويُنهيها. لا يلزمك قول أي شيء.
expect-4 = هل هذا كثير عليك؟ يمكنك دائمًا المغادرة، أو الحديث على انفراد مع مرافق.
refuse = عدم السماح بالدخول
refuse-reason = لماذا؟ ما يُكتب هنا يقرؤه هذا الشخص في محادثته.
refuse-full = المجموعة ممتلئة. هذا ليس بسببك. يمكنك معرفة موعد المجموعة التالية.
refuse-heavy = المجموعة لا تناسب حاجتك الآن. قد يفيدك الآن أكثر الحديث مع مختص.
refuse-other = الدخول إلى هذه المجموعة غير ممكن اليوم. يمكنك الحديث معنا هنا.
refuse-go = عدم السماح بالدخول اليوم

ring-title = الوصول إليك عندما تكون هذه الشاشة مغلقة
ring-lead = عندها تصلك رسالة: «⁦Piketdienst. Er wacht een oproep. Open de app⁩» (مناوبة. هناك طلب ينتظر. يرجى فتح التطبيق). لا يُذكر فيها أبدًا ممن هو ولا ما موضوعه. قد يراها آخرون على شاشتك.
ring-none = لم يُضبط شيء هنا. يمكن الوصول إليك فقط ما دامت هذه الشاشة مفتوحة.
ring-counts = يُعدّ الوصول إليك ممكنًا إذا وصل طلب تجريبي بإحدى هذه الطرق.
ring-test = إرسال طلب تجريبي
ring-tested = نرسل طلبًا تجريبيًا. إذا وصل، يظهر ذلك أعلاه، أو يمكنك تأكيده هناك.
ring-here = تفعيل الرنين على هذا الجهاز
ring-asking = لحظة من فضلك. نسأل متصفحك إن كان هذا ممكنًا.
ring-cannot = لا يستطيع هذا الجهاز الرنين بهذه الطريقة. يرجى السماح بالإشعارات لهذه الصفحة، أو استعمال متصفح آخر.
ring-push = جهاز كانت هذه الصفحة مفتوحة لديك عليه
ring-text = رسالة نصية إلى { $number }
ring-voice = مكالمة هاتفية إلى { $number }
ring-mail = بريد إلكتروني إلى { $address }
ring-untried = لم يصل شيء إلى هنا بعد.
ring-works = يعمل: وصل شيء يوم { $time }.
ring-failing = لا ينجح منذ يوم { $time }. نواصل المحاولة.
ring-dead = هذا العنوان لم يعد موجودًا. يرجى إعداده من جديد.
ring-arrived = نعم، وصلني الطلب التجريبي
ring-remove = إزالة هذا
ring-number = رقم الهاتف، يبدأ بـ ⁦+31⁩
ring-add-text = أريد رسالة نصية
ring-add-voice = أريد مكالمة هاتفية
ring-address = عنوان البريد الإلكتروني
ring-add-mail = أريد بريدًا إلكترونيًا

figures-title = طلبات المساعدة بالأرقام
figures-about = لكل ربع سنة ولكل جهة. لا نعرض الأعداد من 1 إلى 9، وأحيانًا لا نعرض عددًا آخر أيضًا. هكذا يصبح التعرف على شخص أقل سهولة. أما كيف انتهى الأمر، فلا يظهر إلا بعد انتهاء ربع السنة.
figures-quarter = { $service }، ربع السنة { NUMBER($quarter) } من عام { NUMBER($year) }
figures-count = العدد
figures-left-out = غير معروض
figures-raised = طلبات المساعدة
figures-unstaffed = في البداية لم يمكن الوصول إلى أحد
figures-still-waiting = لا جواب بعد مرور ثلاث دقائق
figures-lead-lost = غاب المختص، وجرى البحث من جديد
figures-hops-none = أُغلق دون تسليم
figures-hops-one = أُغلق بعد التسليم مرة واحدة
figures-hops-two = أُغلق بعد التسليم مرتين
figures-hops-more = أُغلق بعد التسليم ثلاث مرات أو أكثر
figures-rested = في سكون: لم يُكتب شيء منذ ثلاثين يومًا
figures-outcomes = كيف انتهى الأمر؟ يمكن أن تُعدّ محادثة واحدة أكثر من مرة.
figures-spoke-yes = تم الحديث مع الشخص
figures-spoke-no = لم يتم الحديث مع الشخص
figures-kept = هل نُفِّذ ما اتُّفق عليه؟
figures-kept-no = لا
figures-kept-partly = جزئيًا
figures-kept-yes = نعم
figures-taken = كم مرّ من الوقت حتى قبول الطلب؟
figures-spoke = كم مرّ من الوقت حتى كتب أحد إلى الشخص؟
figures-up-to = { $seconds ->
    [one] حتى ثانية واحدة
    [two] حتى ثانيتين
    [few] حتى { NUMBER($seconds) } ثوانٍ
    [many] حتى { NUMBER($seconds) } ثانية
   *[other] حتى { NUMBER($seconds) } ثانية
  }
figures-longer = { $seconds ->
    [one] أكثر من ثانية واحدة
    [two] أكثر من ثانيتين
    [few] أكثر من { NUMBER($seconds) } ثوانٍ
    [many] أكثر من { NUMBER($seconds) } ثانية
   *[other] أكثر من { NUMBER($seconds) } ثانية
  }
figures-csv = أخذ الأرقام كنص
figures-csv-about = يمكنك نسخ هذا إلى جدول حسابات (CSV).

## Duty

own-duty-title = مناوباتك
own-duty-none = ليست لديك مناوبة في الأيام السبعة القادمة.
own-duty-take = أتولّى المناوبة
own-duty-take-about = عندها تذهب طلبات المساعدة إليك. ويظهر أعلاه حتى متى. ومن لديه المناوبة الآن يستطيع قراءة ذلك هنا.
own-duty-calendar = مناوباتك في تقويمك الخاص
own-duty-calendar-about = يمكنك إضافة هذا العنوان إلى تقويمك. من لديه هذا العنوان يرى متى تكون مناوبتك. لا يوجد فيه شيء عن طلبات المساعدة.
check-in = بدأت مناوبتك الساعة { $time }. هل حضرت؟
check-in-about = يرجى الضغط هنا أيضًا إذا لم يصلك طلب تجريبي. هذا الطلب يُرسل فقط إلى ما ضبطته بنفسك. إذا لم يأتِ منك شيء خلال ربع ساعة من البداية، فقد يذهب طلب المساعدة أولًا إلى شخص آخر.
check-in-go = أنا هنا
duty-unverified = المناوبة لدى { $name }، لكن لم يأتِ تأكيد بالحضور. إذا كان هذا حال كل من في المستوى نفسه، نطلب أولًا شخصًا آخر، إن وُجد.
duty-on-a-day = { $day }، من { $from } إلى { $until }
duty-over-days = من { $day }، الساعة { $from }، إلى { $last }، الساعة { $until }
duty-taken-by = صارت مناوبة { $service } لدى { $name }، حتى { $until }.
duty-taken-by-somebody = تولّى زميل مناوبة { $service }، حتى { $until }.
duty-plan-title = المناوبات
duty-plan-about = هذا الجدول يسري فور حفظه، ويشمل أيضًا طلبات المساعدة التي تنتظر الآن.
duty-plan-none = لم يوضع جدول مناوبات بعد. يسري الآن ملف مدير النظام.
duty-plan-open = عرض جدول المناوبات وتغييره
duty-covered = لا توجد فجوة في جدول المناوبات في الأيام الأربعة عشر القادمة.
duty-look-at = هذه أمور تحتاج إلى نظر:
duty-wrong-hole = لا يوجد أحد في { $service }.
duty-wrong-few = عدد الأشخاص في { $service } أقل من اللازم.
duty-wrong-levels = الاسم { $name } موجود مرتين في { $service }. إذا لم يأتِ جواب من { $name }، فلا يوجد شخص ثانٍ.
duty-wrong-services = الاسم { $name } موجود في { $service } وفي { $other } أيضًا.
duty-wrong-ended = الاسم { $name } موجود في { $service }، لكن التصريح يكون قد انتهى عندها. فلا تذهب طلبات المساعدة إلى { $name }.
duty-wrong-unreached = لا نعرف عن أي شخص في { $service } إن كان طلب المساعدة يصل إليه.
duty-wrong-unknown = في { $service } اسم شخص لا يعمل هنا.
duty-add-service = إنشاء جدول مناوبات: { $service }
duty-remove-service = إزالة جدول مناوبات هذه الجهة
duty-layer = المستوى { NUMBER($level) }
duty-level = ما ترتيب هذا المستوى عند طلب المساعدة؟
duty-turns = بالدور، وبهذا الترتيب:
duty-nobody-yet = لا أحد بعد.
duty-earlier = تقديم دور { $name }
duty-not-in-turn = إخراج { $name } من الدور
duty-add-person = من يشارك؟
duty-pick-person = اختيار شخص
duty-begins = يبدأ الدور الأول في
duty-turn = كم مدة الدور؟
duty-unit = الوحدة
duty-days = أيام
duty-weeks = أسابيع
duty-months = أشهر
duty-always = ليلًا ونهارًا.
duty-add-window = فقط في هذه الأيام والساعات
duty-window = الأيام والساعات
duty-day = { NUMBER($day) ->
    [0] الاثنين
    [1] الثلاثاء
    [2] الأربعاء
    [3] الخميس
    [4] الجمعة
    [5] السبت
   *[other] الأحد
  }
duty-from = من
duty-until = إلى
duty-remove-window = إزالة هذه الساعات
duty-holidays = في أيام العطل الرسمية
duty-holidays-same = كالمعتاد
duty-holidays-not = لا مناوبة
duty-holidays-also = مناوبة، مهما كان اليوم
duty-add-layer = إضافة مستوى آخر
duty-remove-layer = إزالة هذا المستوى
duty-min = كم شخصًا يجب أن يكون موجودًا على الأقل؟
duty-fallback = من يأتي بعد ذلك؟
duty-fallback-none = لا أحد
duty-once = تغيير لمرة واحدة
duty-temporary = من { $from } إلى { $until }: جدول منفصل
duty-temporary-read = من { $from } إلى { $until }: جدول منفصل، قُرئ من تقويم في { $day }
duty-change-add = من { $from } إلى { $until }: إضافة { $name } إلى المستوى { NUMBER($level) }
duty-change-remove = من { $from } إلى { $until }: من دون { $name }
duty-change-replace = من { $from } إلى { $until }: { $by } بدلًا من { $name }
duty-remove-change = حذف: { $what }
duty-kind = ما الذي يتغير؟
duty-kind-replace = شخص بدلًا من شخص آخر
duty-kind-remove = شخص ليست لديه مناوبة
duty-kind-add = شخص لديه مناوبة أيضًا
duty-change-who = من؟
duty-change-by = من يأتي مكان هذا الشخص؟
duty-add-change = إضافة
duty-holidays-title = العطل الرسمية
duty-holiday-name = ما اسم ذلك اليوم؟
duty-add-holiday = إضافة كيوم عطلة
duty-file-title = جدول مناوبات من تقويم آخر
duty-file-about = هل جدول المناوبات موجود في برنامج آخر؟ يمكنك حفظه هناك كملف iCalendar (.ics) ثم اختياره هنا. من كان مدعوًّا إلى موعد، تكون لديه المناوبة. أولوية الموعد هي المستوى. لا يتغير الجدول إلا عند حفظه.
duty-file-pick = اختيار الملف
duty-file-asked = لحظة.
duty-file-found = { $count ->
    [one] في هذا الملف مناوبة واحدة
    [two] في هذا الملف مناوبتان
    [few] في هذا الملف { NUMBER($count) } مناوبات
    [many] في هذا الملف { NUMBER($count) } مناوبة
   *[other] في هذا الملف { NUMBER($count) } مناوبة
  }، من { $first } إلى { $last }.
duty-file-who = لمن الاسم { $name }؟ (السطر { NUMBER($line) })
duty-file-skip = ليس لأحد منا: يُترك
duty-file-put = إضافة هذه المناوبات إلى الجدول
duty-file-refused = { $why } لم يتغير شيء.
duty-file-refused-at = السطر { NUMBER($line) }: { $why } لم يتغير شيء. يرجى تصحيحه في البرنامج الآخر، ثم اختيار الملف من جديد.
duty-file-fault-none = هذا ليس تقويمًا كاملًا.
duty-file-fault-line = لا نستطيع قراءة هذا السطر.
duty-file-fault-time = لا نستطيع قراءة هذا الوقت.
duty-file-fault-zone = لا نعرف هذه المنطقة الزمنية.
duty-file-fault-rule = التكرار بهذا العدد أو بهذه الطريقة غير ممكن هنا. الممكن: كل يوم أو أسبوع أو شهر أو سنة.
duty-file-fault-attendee = لا يوجد أحد مدعو إلى هذا الموعد.
duty-file-fault-missing = في هذا الموعد تنقص البداية أو النهاية أو الاسم.
duty-file-fault-empty = لا توجد فيه مناوبة من الآن فصاعدًا.
duty-file-write = إنشاء ملف تقويم لمناوبات هذه الجهة
duty-file-save = حفظ الملف
duty-save = حفظ جدول المناوبات
duty-undo = عدم تغيير شيء
duty-saving = جارٍ الحفظ.
duty-not-saved = لم يُحفظ بعد.
duty-save-anyway = الحفظ رغم ذلك
duty-fault-in = { $service }: { $why }
duty-fault-in-layer = { $service }، المستوى { NUMBER($layer) }: { $why }
duty-fault-zone = لا نعرف هذه المنطقة الزمنية.
duty-fault-level = المستويات تبدأ من 1.
duty-fault-turn = لم يتم اختيار أحد، أو أن مدة الدور أقل من يوم.
duty-fault-backwards = النهاية قبل البداية.
duty-fault-fallback = من يأتي بعد ذلك غير موجود، أو يعود إلى هنا.
duty-fault-no-fallback = يحتاج الجدول المنفصل إلى جهة تأتي بعده.
duty-fault-time = هناك يوم أو وقت غير مكتوب بشكل صحيح.
duty-fault-nobody = هنا اسم شخص لا يعمل هنا.
duty-fault-name = كل جهة تحتاج إلى اسم خاص بها.
duty-fault-no-plan = لم يوضع جدول مناوبات لهذه الجهة. يمكنك سؤال المنسق.
duty-fault-not-hers = هذه ليست مناوبتك.
duty-fault-hole = عندها لا يوجد أحد في هذا الوقت: { $when }. هل هذا هو المطلوب حقًا؟
duty-fault-changed = غيّر شخص آخر الجدول قبل قليل. هذا هو الجدول الآن. يرجى إدخال تغييرك مرة أخرى.
duty-fault-large = هذا كثير على جدول واحد.
duty-fault-other = لم ينجح ذلك. يمكنك المحاولة مرة أخرى.

## Nummers

lines-title = أرقام المساعدة المعروضة
lines-about = هذه الأرقام يراها الجميع. يلزم التحقق منها مرتين في السنة: بالاتصال أو على الموقع.
lines-old = { $count ->
    [zero] كل الأرقام تم التحقق منها.
    [one] رقم واحد لم يُتحقق منه منذ أكثر من نصف سنة.
    [two] رقمان لم يُتحقق منهما منذ أكثر من نصف سنة.
    [few] { NUMBER($count) } أرقام لم يُتحقق منها منذ أكثر من نصف سنة.
    [many] { NUMBER($count) } رقمًا لم يُتحقق منها منذ أكثر من نصف سنة.
   *[other] { NUMBER($count) } رقم لم يُتحقق منها منذ أكثر من نصف سنة.
  }
lines-all = عرض الأرقام
lines-stale = منذ أكثر من نصف سنة. يلزم التحقق.
lines-check = ما زال صحيحًا
lines-check-of = ما زال صحيحًا: { $number }
lines-remove = إزالة
lines-remove-of = إزالة: { $number }
lines-number = رقم من منطقتكم
lines-whose = لمن هذا الرقم، ولأي غرض؟
lines-happens = ماذا يحدث عند الاتصال؟
lines-acts = من يجيب يمكنه التصرف بما يسمعه.
lines-no-number = هذا الرقم لا يمكن الاتصال به. المطلوب أرقام.
lines-no-words = المطلوب كتابة صاحب الرقم وما يحدث.
lines-go = إضافة إلى الأرقام المعروضة
lines-may-act = يمكن لمن يجيب أن يتخذ خطوات من جهته، حتى دون موافقتك.
lines-near = أرقام في هذه المنطقة
