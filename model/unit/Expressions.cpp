// Access paths of lvalues and values of pointer-like expressions.
#include "model/unit/ConstantPointers.h"
#include "model/unit/FunctionLowering.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;
using namespace heddle;

namespace {

/// Strips what does not change which object or value is meant.
const Expr *plain(const Expr *E) {
  while (E) {
    const Expr *Before = E;
    E = E->IgnoreParens();
    if (const auto *Full = dyn_cast<FullExpr>(E))
      E = Full->getSubExpr();
    else if (const auto *Materialized = dyn_cast<MaterializeTemporaryExpr>(E))
      E = Materialized->getSubExpr();
    else if (const auto *Bound = dyn_cast<CXXBindTemporaryExpr>(E))
      E = Bound->getSubExpr();
    else if (const auto *Default = dyn_cast<CXXDefaultInitExpr>(E))
      E = Default->getExpr();
    else if (const auto *Construct = dyn_cast<CXXConstructExpr>(E);
             Construct && Construct->isElidable() && Construct->getNumArgs() >= 1)
      E = Construct->getArg(0); // what it would copy is built in its place
    else if (const auto *Opaque = dyn_cast<OpaqueValueExpr>(E))
      E = Opaque->getSourceExpr() ? Opaque->getSourceExpr() : E;
    else if (const auto *Cast = dyn_cast<CastExpr>(E))
      switch (Cast->getCastKind()) {
      case CK_LValueToRValue:
      case CK_ArrayToPointerDecay:
      case CK_FunctionToPointerDecay:
      case CK_UserDefinedConversion:
      case CK_ConstructorConversion:
        return E;
      default:
        E = Cast->getSubExpr();
      }
    if (E == Before)
      return E;
  }
  return E;
}

/// Something that is moved along and looked through, by the operators that it has.
bool isIterator(const CXXRecordDecl *Record) {
  bool Dereferences = false, Advances = false;
  for (const CXXMethodDecl *Method : Record->methods()) {
    Dereferences |= Method->getOverloadedOperator() == OO_Star;
    Advances |= Method->getOverloadedOperator() == OO_PlusPlus;
  }
  return Dereferences && Advances;
}

bool isSystemRecord(const ASTContext &Context, const FunctionDecl *Method) {
  return Method && !isProjectCode(Context, Method);
}

} // namespace

bool FunctionLowering::hasRole(QualType Type, TypeRole Role) {
  const TypeMeaning *Meaning = meaning(Type);
  return Meaning && Meaning->Role == Role;
}

bool FunctionLowering::isPointerLike(QualType Type) {
  Type = Type.getNonReferenceType();
  if (Type->isPointerType() || Type->isMemberPointerType())
    return true;
  if (const CXXRecordDecl *Record = Type->getAsCXXRecordDecl(); Record && Record->isLambda())
    return true;
  const TypeMeaning *Meaning = meaning(Type);
  if (!Meaning) {
    const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
    return Record && Record->hasDefinition() && !isProjectCode(Context, Record) &&
           isIterator(Record);
  }
  switch (Meaning->Role) {
  case TypeRole::SmartPointer:
  case TypeRole::Callable:
  case TypeRole::Reference:
  case TypeRole::Context:
  case TypeRole::Channel:
  case TypeRole::Sender:
  case TypeRole::Receiver:
    return true;
  default:
    return false;
  }
}

bool FunctionLowering::isHandle(QualType Type) {
  return hasRole(Type.getNonReferenceType(), TypeRole::Thread) ||
         hasRole(Type.getNonReferenceType(), TypeRole::Future) ||
         hasRole(Type.getNonReferenceType(), TypeRole::Barrier) ||
         hasRole(Type.getNonReferenceType(), TypeRole::SyncObject);
}

uint32_t FunctionLowering::site(const Expr *E) {
  // Unique within the unit, and the same from run to run: functions are lowered in a fixed order.
  return Sites.try_emplace(E, (Id << 12) + Sites.size()).first->second;
}

AccessPath FunctionLowering::temporary(const Expr *E) {
  if (auto Known = Targets.find(E); Known != Targets.end())
    return Known->second;
  return {RootKind::Temporary, site(E)};
}

AccessPath FunctionLowering::standsFor(const Expr *E) {
  E = plain(E);
  if (!E || !isa<CXXMemberCallExpr>(E))
    return {};
  CallSite Call = callSite(E);
  if (!Call.Callee || !Call.Object ||
      Context.hasSameUnqualifiedType(Call.Object->getType(), E->getType()))
    return {};
  for (const CallMeaning &M : Unit.vocabulary().call(Call.Callee))
    if (M.What == Effect::SameValue && M.Object.What == Operand::Kind::This)
      return objectPath(Call);
  return {};
}

AccessPath FunctionLowering::partOfPair(const BindingDecl &Binding) {
  const auto *Whole = dyn_cast_or_null<DecompositionDecl>(Binding.getDecomposedDecl());
  const RecordDecl *Record =
      Whole ? Whole->getType().getNonReferenceType()->getAsRecordDecl() : nullptr;
  if (!Record)
    return {};
  auto Fields = llvm::to_vector(Record->fields());
  const auto *Place = llvm::find(Whole->bindings(), &Binding);
  if (Fields.size() != Whole->bindings().size() || Place == Whole->bindings().end())
    return {};
  AccessPath Object = variablePath(Whole);
  return Object.isKnown() ? Object.field(Unit.entity(Fields[Place - Whole->bindings().begin()]))
                          : AccessPath();
}

AccessPath FunctionLowering::variablePath(const ValueDecl *Variable) {
  bool IsReference = Variable->getType()->isReferenceType();
  if (const auto *Binding = dyn_cast<BindingDecl>(Variable);
      Binding && !CaptureSlots.count(Variable)) {
    if (const VarDecl *Holder = Binding->getHoldingVar()) {
      AccessPath Part = partOfPair(*Binding);
      return Part.isKnown() ? Part : variablePath(Holder);
    }
    return Binding->getBinding() ? path(Binding->getBinding()) : AccessPath();
  }
  if (const auto *Var = dyn_cast<VarDecl>(Variable); Var && Directives)
    if (AccessPath Own = privateCopy(Var); Own.isKnown())
      return Own;
  AccessPath Result;
  if (auto Captured = CaptureSlots.find(Variable); Captured != CaptureSlots.end()) {
    Result = {RootKind::Capture, Captured->second.first};
    if (Captured->second.second)
      Result = Result.deref();
    return Result;
  }
  if (auto Slot = ParameterSlots.find(Variable); Slot != ParameterSlots.end())
    Result = {RootKind::Parameter, Slot->second};
  else if (const auto *Var = dyn_cast<VarDecl>(Variable)) {
    Result = {Var->hasGlobalStorage() ? RootKind::Global : RootKind::Local, Unit.entity(Var)};
    if (IsReference && Var->getInit() && Result.root() == RootKind::Local) {
      // References never change what they mean; where the initialiser names its object without
      // passing through memory that can, the object itself is the better name.
      AccessPath Meant = path(Var->getInit());
      if (Meant.isKnown() && (Var->isImplicit() || Meant.derefs() == 0 || Meant.isGiven()))
        return Meant;
    }
  } else {
    return {};
  }
  return IsReference ? Result.deref() : Result;
}

AccessPath FunctionLowering::movedBy(const AccessPath &Element, const Expr *Count) {
  Expr::EvalResult Known;
  if (Element.isKnown() && !Count->isValueDependent() && Count->EvaluateAsInt(Known, Context) &&
      Known.Val.getInt().isSignedIntN(32))
    return Element.offset(static_cast<int32_t>(Known.Val.getInt().getSExtValue()));
  return Element.someNeighbour();
}

AccessPath FunctionLowering::path(const Expr *E) {
  E = plain(E);
  if (!E)
    return {};
  if (const auto *Reference = dyn_cast<DeclRefExpr>(E))
    return variablePath(Reference->getDecl());
  if (const auto *Member = dyn_cast<MemberExpr>(E)) {
    if (const auto *Static = dyn_cast<VarDecl>(Member->getMemberDecl()))
      return variablePath(Static);
    const auto *Field = dyn_cast<FieldDecl>(Member->getMemberDecl());
    if (!Field)
      return {};
    AccessPath Base =
        Member->isArrow() ? value(Member->getBase()).pointee() : path(Member->getBase());
    if (!Base.isKnown())
      return {};
    AccessPath Result = Base.field(Unit.entity(Field));
    return Field->getType()->isReferenceType() ? Result.deref() : Result;
  }
  if (const auto *Subscript = dyn_cast<ArraySubscriptExpr>(E)) {
    const Expr *Base = Subscript->getBase()->IgnoreParens();
    if (const auto *Decay = dyn_cast<ImplicitCastExpr>(Base);
        Decay && Decay->getCastKind() == CK_ArrayToPointerDecay) {
      AccessPath Array = path(Decay->getSubExpr());
      Expr::EvalResult Index;
      if (Array.isKnown() && Subscript->getIdx()->EvaluateAsInt(Index, Context))
        return Array.elementAt(Index.Val.getInt().getExtValue());
      return Array.element();
    }
    return movedBy(value(Base).pointee(), Subscript->getIdx());
  }
  if (const auto *Unary = dyn_cast<UnaryOperator>(E)) {
    if (Unary->getOpcode() == UO_Deref)
      return value(Unary->getSubExpr()).pointee();
    if (Unary->isPrefix() && Unary->isIncrementDecrementOp())
      return path(Unary->getSubExpr());
    return {};
  }
  if (const auto *Binary = dyn_cast<BinaryOperator>(E)) {
    if (Binary->getOpcode() == BO_Comma)
      return path(Binary->getRHS());
    return Binary->isAssignmentOp() ? path(Binary->getLHS()) : AccessPath();
  }
  if (const auto *Cast = dyn_cast<CastExpr>(E)) {
    if (Cast->getCastKind() == CK_ConstructorConversion || E->getType()->isRecordType())
      return path(Cast->getSubExpr());
    return {};
  }
  if (isa<CallExpr>(E) || isa<CXXConstructExpr>(E)) {
    Value Result = callValue(E);
    if (E->isGLValue())
      return Result.pointee();
    if (Result.What == Value::Load)
      return Result.Path;
    return temporary(E);
  }
  if (isa<LambdaExpr>(E) || isa<InitListExpr>(E) || isa<CompoundLiteralExpr>(E))
    return temporary(E);
  return {};
}

Value FunctionLowering::handedIn(const Expr *Init) {
  // A promise stays what its future was made from; of threads and futures the old name is empty.
  const auto *Moved = dyn_cast_or_null<CXXConstructExpr>(plain(Init));
  if (Moved && Moved->getConstructor()->isMoveConstructor() &&
      (hasRole(Moved->getType(), TypeRole::Thread) || hasRole(Moved->getType(), TypeRole::Future)))
    return Value::load(temporary(Moved));
  return value(Init);
}

/// Of a lambda with parameters of any type, the one way in which it is called, if there is just
/// one.
static const FunctionDecl *bodyOf(const LambdaExpr *Lambda) {
  const FunctionTemplateDecl *Generic = Lambda->getDependentCallOperator();
  if (!Generic)
    return Lambda->getCallOperator();
  const FunctionDecl *Only = nullptr;
  for (const FunctionDecl *Instance : Generic->specializations()) {
    if (Only)
      return nullptr;
    Only = Instance;
  }
  return Only;
}

Value FunctionLowering::closure(const LambdaExpr *Lambda) {
  Value Result;
  Result.What = Value::Closure;
  Result.Callee = Unit.function(bodyOf(Lambda));
  if (Result.Callee == InvalidId)
    return {};
  auto Initializer = Lambda->capture_init_begin();
  for (const LambdaCapture &Capture : Lambda->captures()) {
    const Expr *Init = *Initializer++;
    Value Captured;
    if (Capture.capturesThis()) {
      Captured = Init->getType()->isPointerType() ? value(Init) : Value::pointsTo(path(Init));
    } else if (Capture.capturesVariable()) {
      const ValueDecl *Variable = Capture.getCapturedVar();
      const auto *InitVariable = dyn_cast<VarDecl>(Variable);
      bool IsInit = InitVariable && InitVariable->isInitCapture();
      if (Capture.getCaptureKind() == LCK_ByRef) {
        Captured = Value::pointsTo(IsInit ? path(Init) : variablePath(Variable));
        if (Indices && !Directives)
          Indices->choose(Captured, Init);
      } else if (isPointerLike(Variable->getType()) || isHandle(Variable->getType()) ||
                 isPlainCopy(Context, Variable->getType()))
        Captured = IsInit ? handedIn(Init) : Value::load(variablePath(Variable));
      else if (IsInit && hasRole(Variable->getType(), TypeRole::Guard))
        Captured = value(Init); // it has been moved there
      else if (Indices && !Directives)
        Indices->chooseNumber(Captured, Init);
    }
    Result.Bound.push_back(std::move(Captured));
  }
  return Result;
}

bool FunctionLowering::isViewOf(QualType Type, const Expr *Source) {
  return hasRole(Type, TypeRole::SmartPointer) && Source->isGLValue() &&
         hasRole(Source->getType(), TypeRole::Container);
}

std::vector<Value> FunctionLowering::alternatives(const Expr *E, bool ByReference) {
  const Expr *Plain = plain(E);
  // A copy of what is chosen, as views and smart pointers are.
  if (const auto *Copy = dyn_cast<CXXConstructExpr>(Plain);
      Copy && !ByReference && Copy->getConstructor()->isCopyOrMoveConstructor())
    Plain = plain(Copy->getArg(0));
  const auto *Choice = dyn_cast<AbstractConditionalOperator>(Plain);
  if (!Choice)
    return {ByReference ? Value::pointsTo(path(E)) : value(E)};
  std::vector<Value> Result = alternatives(Choice->getTrueExpr(), ByReference);
  for (Value &Other : alternatives(Choice->getFalseExpr(), ByReference))
    Result.push_back(std::move(Other));
  return Result;
}

Value FunctionLowering::callValue(const Expr *E) {
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(E)) {
    // Copies and moves of pointer-like objects keep their meaning, and so does wrapping a callable
    // into a std::function.
    bool Wraps = hasRole(Construct->getType(), TypeRole::Callable) ||
                 hasRole(Construct->getType(), TypeRole::Reference) ||
                 hasRole(Construct->getType(), TypeRole::SmartPointer) ||
                 hasRole(Construct->getType(), TypeRole::Sender) ||
                 hasRole(Construct->getType(), TypeRole::Receiver);
    // What a guard owns stands where it was moved to, and only there.
    bool IsGuard = hasRole(Construct->getType(), TypeRole::Guard);
    // What the project's own constructors leave to the source, and what they take, they say.
    const CXXConstructorDecl *Maker = Construct->getConstructor();
    bool IsFollowed = Maker->isCopyOrMoveConstructor() && Maker->isUserProvided() &&
                      !Construct->isElidable() && Unit.function(Maker) != InvalidId;
    if (Construct->getNumArgs() >= 1 && !IsGuard && !IsFollowed &&
        (Construct->getConstructor()->isCopyOrMoveConstructor() || Wraps)) {
      const Expr *Source = Construct->getArg(0);
      if (isViewOf(Construct->getType(), Source))
        return Value::pointsTo(path(Source).element());
      if (hasRole(Construct->getType(), TypeRole::Reference) && Source->isGLValue() &&
          !hasRole(Source->getType(), TypeRole::Reference))
        return Value::pointsTo(path(Source));
      if (hasRole(Construct->getType(), TypeRole::Callable))
        if (Value Object = functor(plain(Source)); Object.isKnown())
          return Object;
      return value(Source);
    }
    return Value::load(temporary(E));
  }
  CallSite Call = callSite(E);
  if (!Call.Callee)
    return Value::load(resultPath(Call));
  if (isa<CXXConversionDecl>(Call.Callee) && Call.Object && !Call.ObjectIsPointer &&
      isViewOf(E->getType(), Call.Object))
    return Value::pointsTo(path(Call.Object).element());
  for (const CallMeaning &Meaning : Unit.vocabulary().call(Call.Callee))
    switch (Meaning.What) {
    case Effect::SameValue: {
      if (isReplacement(Call))
        return Value::load(resultPath(Call));
      const Expr *Source = operandExpr(Call, Meaning.Object);
      if (!Source)
        return {};
      if (const Expr *Count = operandExpr(Call, Meaning.Count))
        return Value::pointsTo(movedBy(value(Source).pointee(), Count));
      return E->isGLValue() ? Value::pointsTo(path(Source)) : value(Source);
    }
    case Effect::AddressOf:
      return Value::pointsTo(operandObject(Call, Meaning.Object));
    case Effect::Pointee: {
      // operator* is an lvalue whose address is the pointer; get() and operator-> are the pointer.
      const Expr *Source = operandExpr(Call, Meaning.Object);
      if (!Source)
        return {};
      return Call.ObjectIsPointer ? Value::load(value(Source).pointee()) : value(Source);
    }
    case Effect::Element: {
      AccessPath Object = operandObject(Call, Meaning.Object);
      if (Call.Object && holdsOneGuard(Call.Object->getType()))
        return Value::pointsTo(Object.elementAt(0));
      Expr::EvalResult Index;
      if (E->isGLValue() && Call.Arguments.size() == 1 &&
          Call.Arguments[0]->getType()->isIntegerType() &&
          Call.Arguments[0]->EvaluateAsInt(Index, Context))
        return Value::pointsTo(Object.elementAt(Index.Val.getInt().getExtValue()));
      return Value::pointsTo(Object.element());
    }
    case Effect::Bind: {
      Value Target = operandValue(Call, Meaning.Callable);
      if (!Target.isCallable())
        return {};
      if (Target.What == Value::Closure)
        return Target;
      Target.What = Value::Closure;
      // Closure arguments fill the slots from `this` on; a plain function has none.
      const auto *Named = dyn_cast_or_null<CXXMethodDecl>(Unit.declaration(Target.Callee));
      if (!Named || Named->isStatic())
        Target.Bound.emplace_back();
      for (Value &Argument : argumentValues(Call, Meaning.Arguments))
        Target.Bound.push_back(std::move(Argument));
      return Target;
    }
    case Effect::ContextDone:
      // The channel that done() returns is closed when the context ends.
      if (hasRole(E->getType(), TypeRole::Receiver))
        return operandValue(Call, Meaning.Context);
      break;
    case Effect::Allocate:
    case Effect::ChannelMake:
      return Value::load(resultPath(Call));
    default:
      break;
    }
  // Iterators and smart pointers of libraries: going through them reaches what they point to.
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E);
      Operator && isSystemRecord(Context, Call.Callee) && Operator->getNumArgs() == 1 &&
      (Operator->getOperator() == OO_Star || Operator->getOperator() == OO_Arrow))
    return value(Operator->getArg(0));
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E);
      Operator && isSystemRecord(Context, Call.Callee) &&
      (Operator->getOperator() == OO_PlusPlus || Operator->getOperator() == OO_MinusMinus ||
       Operator->isAssignmentOp()))
    return E->isGLValue() ? Value::pointsTo(path(Operator->getArg(0))) : Value();
  return Value::load(resultPath(Call));
}

Value FunctionLowering::value(const Expr *E) {
  Value Result = plainValue(E);
  if (Indices && !Directives)
    Indices->choose(Result, E);
  return Result;
}

Value FunctionLowering::plainValue(const Expr *E) {
  E = plain(E);
  if (!E)
    return {};
  if (isa<CXXThisExpr>(E)) {
    if (CapturedThis) {
      AccessPath Slot(RootKind::Capture, CapturedThis->first);
      return CapturedThis->second ? Value::pointsTo(Slot) : Value::load(Slot);
    }
    return Value::load({RootKind::Parameter, 0});
  }
  if (isa<CXXNullPtrLiteralExpr>(E) || isa<GNUNullExpr>(E))
    return {Value::Null, {}, InvalidId, 0, {}};
  if (const auto *Lambda = dyn_cast<LambdaExpr>(E))
    return closure(Lambda);
  if (isa<CXXNewExpr>(E))
    return Value::pointsTo({RootKind::Heap, site(E)});
  if (const auto *Choice = dyn_cast<ConditionalOperator>(E); ChosenArguments.count(Choice))
    return Value::load(temporary(Choice));
  if (const auto *Statements = dyn_cast<StmtExpr>(E); Statements && E->getType()->isPointerType())
    if (const auto *Last = dyn_cast_or_null<Expr>(Statements->getSubStmt()->body_back()))
      return value(Last);
  if (const auto *Unary = dyn_cast<UnaryOperator>(E)) {
    if (Unary->getOpcode() == UO_AddrOf) {
      const Expr *Target = plain(Unary->getSubExpr());
      if (const auto *Reference = dyn_cast<DeclRefExpr>(Target))
        if (const auto *Named = dyn_cast<FunctionDecl>(Reference->getDecl())) {
          FunctionId Callee = Unit.function(Named);
          return Callee == InvalidId ? Value() : Value{Value::Function, {}, Callee, 0, {}};
        }
      return Value::pointsTo(path(Target));
    }
    if (Unary->isIncrementDecrementOp())
      return {};
  }
  // In C an assignment is the value that it has assigned.
  if (const auto *Binary = dyn_cast<BinaryOperator>(E);
      Binary && !E->isGLValue() && (Binary->getOpcode() == BO_Assign || Binary->isCommaOp()))
    return value(Binary->getRHS());
  if (const auto *Binary = dyn_cast<BinaryOperator>(E);
      Binary && Binary->isAdditiveOp() && E->getType()->isPointerType()) {
    const Expr *Pointer = Binary->getLHS(), *Count = Binary->getRHS();
    if (!Pointer->getType()->isPointerType())
      std::swap(Pointer, Count);
    AccessPath From = value(Pointer).pointee();
    if (!From.isKnown())
      return {};
    if (Binary->getOpcode() == BO_Sub) {
      AccessPath Outer = objectAround(From, Count);
      return Value::pointsTo(Outer.isKnown() ? Outer : From.someNeighbour());
    }
    return Value::pointsTo(movedBy(From, Count));
  }
  if (const auto *Cast = dyn_cast<CastExpr>(E)) {
    switch (Cast->getCastKind()) {
    case CK_LValueToRValue:
      if (const ValueDecl *Always = constantPointee(Cast->getSubExpr(), Context)) {
        if (const auto *Named = dyn_cast<FunctionDecl>(Always))
          if (FunctionId Callee = Unit.function(Named); Callee != InvalidId)
            return {Value::Function, {}, Callee, 0, {}};
        if (isa<VarDecl>(Always))
          return Value::pointsTo(variablePath(Always));
      }
      if (const auto *Hidden = dyn_cast<DeclRefExpr>(plain(Cast->getSubExpr())))
        return value(Hidden);
      return Value::load(path(Cast->getSubExpr()));
    case CK_ArrayToPointerDecay:
      return Value::pointsTo(path(Cast->getSubExpr()).elementAt(0));
    case CK_FunctionToPointerDecay:
      return value(Cast->getSubExpr());
    case CK_UserDefinedConversion:
    case CK_ConstructorConversion:
      // A lambda turned into a function pointer is still that lambda; a wrapped callable too.
      return value(Cast->getSubExpr());
    default:
      return {};
    }
  }
  if (const auto *Reference = dyn_cast<DeclRefExpr>(E)) {
    if (const auto *Named = dyn_cast<FunctionDecl>(Reference->getDecl())) {
      FunctionId Callee = Unit.function(Named);
      return Callee == InvalidId ? Value() : Value{Value::Function, {}, Callee, 0, {}};
    }
    if (const auto *Enumerator = dyn_cast<EnumConstantDecl>(Reference->getDecl()))
      return Enumerator->getInitVal().isRepresentableByInt64()
                 ? Value::constant(Enumerator->getInitVal().getExtValue())
                 : Value();
    // The hidden iterator of a range-for only ever stands for an element of the range.
    if (const auto *Hidden = dyn_cast<VarDecl>(Reference->getDecl());
        Hidden && Hidden->isImplicit() && Hidden->getInit() &&
        !Hidden->getType()->isReferenceType()) {
      Value First = value(Hidden->getInit());
      if (First.What == Value::PointsTo)
        First.Path = First.Path.someNeighbour();
      return First;
    }
    return Value::load(variablePath(Reference->getDecl()));
  }
  if (const auto *MemberCall = dyn_cast<CXXMemberCallExpr>(E))
    if (const auto *Conversion = dyn_cast_or_null<CXXConversionDecl>(MemberCall->getMethodDecl());
        Conversion && MemberCall->getImplicitObjectArgument()) {
      const Expr *Object = MemberCall->getImplicitObjectArgument();
      QualType Type = Object->getType();
      if (const CXXRecordDecl *Record = Type->getAsCXXRecordDecl();
          (Record && Record->isLambda()) || hasRole(Type, TypeRole::Channel) ||
          hasRole(Type, TypeRole::Reference))
        return value(Object);
    }
  if (isa<CallExpr>(E) || isa<CXXConstructExpr>(E)) {
    if (E->isGLValue())
      return Value::load(callValue(E).pointee());
    return callValue(E);
  }
  if (E->isGLValue())
    return Value::load(path(E));
  Expr::EvalResult Constant;
  if (E->getType()->isIntegralOrEnumerationType() && !E->isValueDependent() &&
      E->EvaluateAsInt(Constant, Context) && Constant.Val.getInt().isRepresentableByInt64())
    return Value::constant(Constant.Val.getInt().getExtValue());
  return {};
}

Value FunctionLowering::argument(const Expr *E, QualType ParameterType) {
  if (ParameterType->isReferenceType()) {
    const Expr *Bare = plain(E);
    // A temporary bound to a reference: what it holds matters more than where it lies.
    if (Bare && Bare->isPRValue() && isPointerLike(Bare->getType())) {
      Value Held = value(Bare);
      if (Held.isCallable())
        return Held;
    }
    if (Bare && isa<LambdaExpr>(Bare))
      return value(Bare);
    Value Given = Value::pointsTo(path(E));
    if (Indices && !Directives)
      Indices->choose(Given, E);
    return Given;
  }
  Value Given = value(E);
  if (Indices && !Directives)
    Indices->chooseNumber(Given, E);
  return Given;
}
